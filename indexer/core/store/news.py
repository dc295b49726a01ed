"""What programs that share a database tell each other: whose plays, opinions or lists are others than before.

A counter for each listener and matter grows with every write. Whoever follows asks for all of them, which are few (one
document a listener), and leaves out the numbers that its own writes reached.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from typing import Any

from pymongo import ReturnDocument, UpdateOne
from pymongo.errors import BulkWriteError, DuplicateKeyError

from indexer.core.plays import ListenerId
from indexer.core.store.codec import Document
from indexer.core.store.connection import Connection
from indexer.core.store.records import Matter, News
from indexer.core.store.revisions import META

_PREFIX = "news:"
_BEHIND = "news;"
"""What follows all ids with the prefix."""
_DUPLICATE_KEY = 11000


class NewsStore:
    """Counters of all listeners, and which of their numbers this connection reached; safe to share between threads."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._lock = threading.Lock()
        self._own: dict[News, set[int]] = {}

    def tell(self, matter: Matter, listeners: Iterable[ListenerId]) -> None:
        """Say that something was written for these; after the write, so that nobody looks too early."""
        for listener in dict.fromkeys(listeners):
            news = News(listener, matter)
            number = self._grown(news)
            with self._lock:
                self._own.setdefault(news, set()).add(number)

    def tell_many(self, matter: Matter, listeners: Iterable[ListenerId]) -> None:
        """The same for many at once, where nobody follows by this connection: what it wrote itself is news to it."""
        meta = self._connection.collection(META)
        writes = [UpdateOne({"_id": _key(each)}, _growth(each, matter), upsert=True) for each in set(listeners)]

        def grow() -> None:
            try:
                meta.bulk_write(writes, ordered=False)
            except BulkWriteError as error:
                failed = error.details.get("writeErrors", ())
                if not failed or any(each.get("code") != _DUPLICATE_KEY for each in failed):
                    raise
                meta.bulk_write([writes[each["index"]] for each in failed], ordered=False)  # made at the same moment

        if writes:
            self._connection.once_more(grow)

    def counters(self) -> dict[News, int]:
        """How often something was written for each listener, by matter."""
        found = self._connection.read(META, {"_id": {"$gte": _PREFIX, "$lt": _BEHIND}})
        return {
            News(ListenerId(each["listener"]), matter): int(each[matter.value])
            for each in found
            for matter in Matter
            if matter.value in each
        }

    def since(self, before: Mapping[News, int]) -> tuple[frozenset[News], dict[News, int]]:
        """What others wrote since the counters were as `before`, and how they are now.

        The own numbers up to now are forgotten: there is one who follows. A number that is noted only while this reads
        makes too much news, never too little.
        """
        now = self.counters()
        with self._lock:
            changed = [news for news in {*before, *now} if before.get(news) != now.get(news)]
            told = frozenset(news for news in changed if self._others(news, before.get(news, 0), now.get(news, 0)))
            for news, numbers in self._own.items():
                numbers.difference_update([number for number in numbers if number <= now.get(news, 0)])
        return told, now

    def _others(self, news: News, before: int, now: int) -> bool:
        if now < before:  # another database was made of this one
            self._own.pop(news, None)
            return True
        own = sum(before < number <= now for number in self._own.get(news, ()))
        return own < now - before

    def _grown(self, news: News) -> int:
        key, change = _key(news.listener), _growth(news.listener, news.matter)
        meta = self._connection.collection(META)

        def grow() -> Any:
            try:
                return meta.find_one_and_update({"_id": key}, change, upsert=True, return_document=ReturnDocument.AFTER)
            except DuplicateKeyError:  # another program made it at the same moment
                return meta.find_one_and_update({"_id": key}, change, return_document=ReturnDocument.AFTER)

        return int(self._connection.once_more(grow)[news.matter.value])


def _key(listener: ListenerId) -> str:
    return f"{_PREFIX}{listener}"


def _growth(listener: ListenerId, matter: Matter) -> Document:
    return {"$inc": {matter.value: 1}, "$set": {"listener": listener}}
