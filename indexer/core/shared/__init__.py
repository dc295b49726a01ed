"""A library of another machine, asked for from its server: as a player on a home of its own sees it."""
