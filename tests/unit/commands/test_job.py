"""The indexer's lock: one at a time, and the next one knows whether the one before came to its end."""

from __future__ import annotations

import os

import pytest

from indexer.commands.job import IndexerBusy, only_indexer
from indexer.core.home import Home


def test_the_second_is_told_which_process_works(home: Home) -> None:
    with only_indexer(home), pytest.raises(IndexerBusy) as refusal, only_indexer(home):
        pass
    assert f"process {os.getpid()}," in refusal.value.message
    assert str(home.data) in refusal.value.message


def test_the_next_one_knows_how_the_one_before_ended(home: Home) -> None:
    with only_indexer(home) as was_cut_short:
        assert not was_cut_short
    with pytest.raises(ZeroDivisionError), only_indexer(home):
        raise ZeroDivisionError
    with only_indexer(home) as was_cut_short:
        assert not was_cut_short, "it failed, and could say so"
    (home.locks / "indexer.running").write_text("12345")  # what a killed one leaves
    with only_indexer(home) as was_cut_short:
        assert was_cut_short
    with only_indexer(home) as was_cut_short:
        assert not was_cut_short
