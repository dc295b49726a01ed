"""Hostile input: everything that Segue reads, given to it broken, huge, nested and lying."""
