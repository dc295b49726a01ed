"""The names of the collections, by what it would cost to make them again."""

LISTENING = ("plays", "tallies", "opinions", "impressions", "feedback")
"""What listeners did and said."""
PERSONAL = ("folders", "genres", "tracks", "words", "files", "problems", *LISTENING, "playlists", "queue", "heirs")
"""What cannot be made again, or only by reading every file: folders first, so that a scan knows them."""
ANALYSED = ("features", "sounds")
"""What was made by analysing: hours of work for a large library, and most of its bytes."""
COLLECTIONS = (*PERSONAL, *ANALYSED, "models")
RESTORED = "restored"
"""The note in a database that is another one after every restore: whoever follows it looks at everything again."""
MISSED = ("folders", "tracks", "playlists", *LISTENING)
"""A database without any of these holds nothing that a person would miss."""
