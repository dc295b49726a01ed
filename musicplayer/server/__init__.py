"""The server: a web page and OpenSubsonic for the library of this home, on `indexer.core` alone."""
