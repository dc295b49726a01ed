"""What you own: the catalogue in memory, its search, its covers and its link to the database."""
