"""From a track's features to its vector: learnt from a library, applied alike everywhere."""
