"""The place For you: shelves of what is recommended, which change while one listens."""
