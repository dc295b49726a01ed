"""The window: docks, models, delegates, dialogs and the theme. Nothing here opens a file or a database."""
