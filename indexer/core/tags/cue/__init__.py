"""Cue sheets: which tracks lie in a file, beside it or inside it, and what they are called."""
