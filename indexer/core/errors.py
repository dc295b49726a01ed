"""The root of Segue's errors: each says what happened, names the thing, and tells what a person can do."""

from __future__ import annotations


class SegueError(Exception):
    """An error with a sentence for a person.

    Attributes:
        message: what happened, naming the file, folder or address concerned.
        advice: what to do about it, one sentence.
    """

    def __init__(self, message: str, advice: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice

    def __str__(self) -> str:
        return f"{self.message} {self.advice}".strip()

    def __reduce__(self) -> tuple[type[SegueError], tuple[str, str]]:
        """Pickle by the two sentences, so that errors cross process boundaries unchanged."""
        return (type(self), (self.message, self.advice))
