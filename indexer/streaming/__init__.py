"""What is played, taken from a Kafka broker as it happens: into the database, and out again as what is recommended."""
