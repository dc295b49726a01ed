"""What a batch of writes does to the numbers of documents, group by group."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from indexer.core.store.codec import Document


class Tally:
    """Documents that became more or fewer, by the value of one field.

    Attributes:
        field: the field that documents are counted by.
        certain: False once a write failed half way; everything is counted anew then.
    """

    def __init__(self, field: str) -> None:
        self.field = field
        self.certain = True
        self._changes: Counter[str] = Counter()

    def add(self, documents: Iterable[Document]) -> None:
        self._changes.update(document[self.field] for document in documents)

    def take(self, documents: Iterable[Document]) -> None:
        self._changes.subtract(document[self.field] for document in documents)

    def changes(self) -> dict[str, int]:
        """By how much each group grew or shrank."""
        return {group: change for group, change in self._changes.items() if change}
