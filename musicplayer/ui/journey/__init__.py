"""The page on which a journey is planned."""
