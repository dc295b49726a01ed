"""What plays: the bar below, its waveform, and the sound."""
