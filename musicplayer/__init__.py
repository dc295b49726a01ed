"""Segue, the desktop music player."""
