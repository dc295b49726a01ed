"""What can go wrong with Spark, and with what it is asked to build."""

from __future__ import annotations

from indexer.core.errors import SegueError


class JavaMissing(SegueError):
    """Spark runs on Java, and there is none that is new enough."""


class SparkFailed(SegueError):
    """Spark did not start, died, or could not do its work."""


class TooFewTracks(SegueError):
    """Nothing can be compared."""
