"""What was listened to elsewhere: histories in other formats, matched with the library."""
