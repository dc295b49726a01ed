"""More like this, the panel beside the library.

In the order in which it is read: `similar_dock` (what is asked and shown), `seed_header` (for which tracks),
`similar_rows` and `similar_delegate` (the list and how a row is painted), `panel_words` (what it says without rows),
`panel_bars` (tools, note and what is hidden), `why` with `share_bars` and `sound_table` (one row explained).
"""
