"""Says in words what a smart playlist finds and in which order."""

from __future__ import annotations

from indexer.core.catalogue.catalogue import Column
from indexer.core.catalogue.smart import RANDOM, SmartRule
from indexer.core.language import mark, tr, trn

ORDERS: tuple[tuple[str, bool, str], ...] = (
    ("", False, mark("by artist and album")),
    (Column.TITLE, False, mark("by title")),
    (Column.ALBUM, False, mark("by album")),
    (Column.YEAR, True, mark("newest first")),
    (Column.YEAR, False, mark("oldest first")),
    (Column.ADDED, True, mark("recently added first")),
    (Column.PLAYS, True, mark("most played first")),
    (Column.PLAYS, False, mark("least played first")),
    (Column.LENGTH, False, mark("shortest first")),
    (Column.LENGTH, True, mark("longest first")),
    (RANDOM, False, mark("in an order of chance")),
)
"""What can be chosen: order, whether descending, and the words for it."""


def rule_in_words(rule: SmartRule) -> str:
    """`genre:rock · newest first · at most 50 tracks`."""
    parts = [rule.query or tr("every track"), order_in_words(rule)]
    if rule.limit:
        parts.append(trn("at most {number} track", "at most {number} tracks", rule.limit))
    return " · ".join(parts)


def order_in_words(rule: SmartRule) -> str:
    for order, descending, words in ORDERS:
        if (rule.order, rule.descending) == (order, descending):
            return tr(words)
    return tr(ORDERS[0][2])
