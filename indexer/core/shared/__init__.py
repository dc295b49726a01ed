"""A library of another machine, asked through its server."""
