"""Segue on the network: the library for browsers and Subsonic apps, without Qt, Spark or a display."""
