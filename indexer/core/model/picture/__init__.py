"""The picture of a library: every track near to what sounds like it."""
