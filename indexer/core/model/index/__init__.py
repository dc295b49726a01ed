"""Nearest neighbours: hashing, tables, search and ranking."""
