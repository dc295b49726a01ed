"""Whose a track is, which tracks hold one recording, and which of them stands for another that left."""
