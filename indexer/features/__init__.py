"""What a track sounds like, as numbers: the only package that uses librosa."""
