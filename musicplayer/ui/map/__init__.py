"""The music map.

In the order in which it is read: `map_page` (the place), `map_canvas` on `map_surface` (what is under hand, what is
shown), `map_view` (the arithmetic of looking), `map_picture`, `map_palette`, `map_labels` and `map_overlay` (what is
painted), `map_tools`, `map_legend` and `map_card` (what stands around it).
"""
