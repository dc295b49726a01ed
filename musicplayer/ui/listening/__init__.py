"""The place Listening: what plays add up to, and what is kept about the listener."""
