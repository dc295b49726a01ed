"""The main window, and what is made with it."""
