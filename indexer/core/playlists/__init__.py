"""Playlists and their files: what a line means, which track it is, and what can be done to a list."""
