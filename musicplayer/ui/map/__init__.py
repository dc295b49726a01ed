"""The page with the picture of the library."""
