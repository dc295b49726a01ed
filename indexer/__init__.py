"""Segue's indexer: listens to a folder of music and builds a similarity model of it. Headless, never imports Qt."""
