"""What files and the texts beside them say in words: kept by the scan, also where only the text changed."""

from __future__ import annotations

from pathlib import Path

import mutagen.flac
import pytest

from indexer.core.store import Database
from indexer.core.tracks import NO_WORDS, Words
from tests import bad_files
from tests.integration.scanning.library import Scan, only_track

pytestmark = pytest.mark.database


def words(database: Database) -> Words:
    return database.words.get([only_track(database).id]).get(only_track(database).id, NO_WORDS)


def test_a_scan_keeps_words_and_opens_a_file_again_where_its_text_came_changed_or_went(
    database: Database, root: Path, run: Scan, opened: list[str]
) -> None:
    path, text = bad_files.good(root, "song.flac"), root / "song.lrc"
    media = mutagen.flac.FLAC(path)
    media["mood"] = "calm"
    media.save()
    run()
    assert words(database) == Words(tags=("calm",))
    for content in ("[00:01]First words", "[00:01]Other words, and more of them", ""):
        text.write_text(content, encoding="utf-8")
        opened.clear()
        assert run().changed == 1
        assert opened == [str(path)]
        assert words(database) == Words(content[len("[00:01]") :], (), ("calm",))
        opened.clear()
        assert run().unchanged == 1
        assert opened == []
    text.write_text("Last words", encoding="utf-8")
    run()
    text.unlink()
    assert run().changed == 1
    assert words(database) == Words(tags=("calm",))


def test_files_without_words_make_no_record(database: Database, root: Path, run: Scan) -> None:
    for seed in range(3):
        bad_files.good(root, f"{seed}.flac", seed=seed)
    (root / "readme.txt").write_text("about this folder", encoding="utf-8")
    run()
    assert (database.words.count(), database.words.rev()) == (0, 0)


def test_stars_come_into_the_library(database: Database, root: Path, run: Scan) -> None:
    path = bad_files.good(root, "song.flac")
    media = mutagen.flac.FLAC(path)
    media["rating"] = "80"
    media.save()
    run()
    assert only_track(database).rating == 4.0
    media["rating"] = "0"
    media.save()
    run()
    assert only_track(database).rating is None
