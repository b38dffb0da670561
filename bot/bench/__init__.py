"""`luopan bench`: how good and how fast, beside what one could use instead."""
