"""The database server that Segue starts, keeps and ends by itself: `server` for its users, `keeper` for the process."""
