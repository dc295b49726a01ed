"""What was chosen about the analysis of a library; kept with it, so that every program that builds it agrees."""

from __future__ import annotations

from indexer.core.store.codec import Document
from indexer.core.store.connection import Connection
from indexer.core.store.revisions import META

_ID = "choices"


class ChoiceStore:
    """One document beside the counters."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @property
    def whole_files(self) -> bool:
        """Whether long files are analysed from end to end; two parts of them are unless somebody chose otherwise."""
        return bool(self._document().get("whole_files", False))

    def choose_whole_files(self, whole: bool) -> None:
        """Choose; where that is a change, features of long files come to differ, so that a model is due."""
        if whole != self.whole_files:
            self._set({"whole_files": whole, "model_is_due": True})

    @property
    def model_is_due(self) -> bool:
        """Whether features changed so that the model no longer fits, though tracks neither came nor went."""
        return bool(self._document().get("model_is_due", False))

    def note_model(self) -> None:
        """A model was built of the features there are."""
        self._set({"model_is_due": False})

    @property
    def old_features(self) -> int | None:
        """The last revision of features that may be from parts of files without sound; 0 for none, None for unknown."""
        return self._document().get("old_features")

    def note_old_features(self, rev: int) -> None:
        """Features up to a revision are to be looked at, 0 once they have been."""
        self._set({"old_features": rev})

    def _document(self) -> Document:
        meta = self._connection.collection(META)
        return self._connection.once_more(lambda: meta.find_one({"_id": _ID})) or {}

    def _set(self, values: Document) -> None:
        meta = self._connection.collection(META)
        self._connection.once_more(lambda: meta.update_one({"_id": _ID}, {"$set": values}, upsert=True))
