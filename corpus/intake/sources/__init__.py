"""Sources: whole sites that are walked once and kept up from then on."""
