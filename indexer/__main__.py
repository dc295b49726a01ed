"""`python -m indexer` and `segue-indexer`: the indexer's command line."""


def main() -> None:
    """Run the command line."""
    # Imported here: analysis workers import this module again, and have no use for the commands.
    from indexer.cli import main as run  # noqa: PLC0415

    run()


if __name__ == "__main__":
    main()
