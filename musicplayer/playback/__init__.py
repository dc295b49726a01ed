"""What plays: the audio backend, the queue and the player that joins them."""
