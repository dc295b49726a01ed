"""What a sound file says of itself, wherever it keeps that."""
