"""`python -m indexer`: the indexer's command line."""

from indexer.cli import main

if __name__ == "__main__":
    main()
