"""Why an evaluation cannot be run."""

from __future__ import annotations

from indexer.core.errors import SegueError


class EvaluationError(SegueError):
    """The root of everything that stops an evaluation."""


class LabelsUnreadable(EvaluationError):
    """The label file is not there, is empty or is no CSV."""


class LabelsIncomplete(EvaluationError):
    """The label file lacks a column or a value that is needed."""


class ClipMissing(EvaluationError):
    """A clip that the label file names is not in the folder."""


class TooFewClips(EvaluationError):
    """Nothing can be said about so few clips."""
