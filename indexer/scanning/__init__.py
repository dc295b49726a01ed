"""The steps of a scan: walk the folders, sort what was found, read what is new, bring the database up to it."""
