"""Files and disks: written whole or not at all, kept private, read without trust."""
