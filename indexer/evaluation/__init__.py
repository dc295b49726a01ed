"""How good answers are: retrieval, hubs, recall."""
