"""What plays, large or small: the view with lyrics, and the mini player."""
