"""What you own: the catalogue in memory, its search, its covers and its way to the database."""
