"""The queue beside the page, and the radio that fills it."""
