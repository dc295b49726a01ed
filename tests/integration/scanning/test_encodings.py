from __future__ import annotations

from pathlib import Path

import pytest

from indexer.core.store import Database
from tests import bad_files
from tests.fuzz.audio import frame, id3
from tests.integration.scanning.library import Scan, tracks

pytestmark = pytest.mark.database


def test_what_a_person_expects_is_how_the_tags_of_a_folder_are_read(database: Database, root: Path, run: Scan) -> None:
    wanted = {"czech.mp3": ("Včelka Mája", "cp1250"), "french.mp3": ("Déjà vu à côté", "cp1252")}
    for seed, (name, (title, encoding)) in enumerate(wanted.items(), 1):
        path = bad_files.good(root / name.partition(".")[0], name, seed=seed)
        path.write_bytes(id3(frame(b"TIT2", b"\0" + title.encode(encoding))) + path.read_bytes())
    database.folders.add(str(root))

    def titles() -> set[str]:
        run()
        return {track.title for track in tracks(database).values()}

    assert titles() == {"Vèelka Mája", "Déjà vu à côté"}
    before = {track.id for track in tracks(database).values()}
    database.folders.set_encoding(str(root), "cp1250")
    assert database.folders.all()[0].encoding == "cp1250"
    database.files.read_again(str(root))
    assert titles() == {"Včelka Mája", "Déjà vu à côté"}
    assert {track.id for track in tracks(database).values()} == before
    database.folders.set_encoding(str(root), "")
    database.files.read_again(str(root))
    assert "Vèelka Mája" in titles()
