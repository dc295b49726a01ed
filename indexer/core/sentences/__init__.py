"""What errors, events and problems say: a code and values each, and the sentences for them."""
