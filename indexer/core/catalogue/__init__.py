"""The library in columns: searched, grouped and sorted at once, and kept in a snapshot."""
