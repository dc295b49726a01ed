"""Playlists: their pages, dialogs and commands."""
