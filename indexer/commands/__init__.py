"""The commands of the indexer's command line, one module a family."""
