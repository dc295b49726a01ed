"""Turns files into what is known of their sound: which are due, in worker processes, saved as they come."""
