"""Plays gathered from a Kafka broker by Structured Streaming, to learn from: read, told apart by id, kept in files."""
