"""The settings dialog: one page a topic, every choice explained and in force at once."""
