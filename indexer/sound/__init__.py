"""What a track sounds like from end to end: how loud it is, and the shape of its waveform."""
