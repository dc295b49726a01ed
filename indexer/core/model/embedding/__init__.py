"""Which networks there are whose answers can be a profile."""
