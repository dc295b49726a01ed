"""Follows the database from one thread, and keeps what it has not been told yet."""
