"""Tables, albums, groups and search."""
