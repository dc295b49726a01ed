"""More like this: the panel and its reasons."""
