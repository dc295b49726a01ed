"""Playlists: their page, what is done with them, and files in and out.

In the order in which it is read: `playlist_control` (who is joined with whom), `playlist_page` with `playlist_model`,
`playlist_view` and `playlist_header`, `playlist_places` (in the side bar), `playlist_commands` and `smart_dialog`,
`playlist_work`, on which stand `playlist_transfer` (with `import_dialog` on `import_model`) and `awaited_lines`.
"""
