"""Segue's indexer: analyses a folder of music and builds a similarity model of it. Headless, never imports Qt."""
