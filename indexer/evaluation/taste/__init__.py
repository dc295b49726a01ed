"""How well ways of learning from listening find what listeners turn out to like."""
