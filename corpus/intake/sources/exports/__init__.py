"""Files in which a platform hands its writers all that they have written: each format as its vendor documents it."""
