"""Settings: kept, and never in the way of a start."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.core.home import Home
from indexer.core.settings import Settings, Theme, Unfit, kinds


def write(home: Home, content: bytes) -> None:
    home.settings_file.parent.mkdir(parents=True, exist_ok=True)
    home.settings_file.write_bytes(content)


def test_what_was_chosen_comes_back(home: Home) -> None:
    Settings(theme=Theme.DARK, volume=35, columns=["artist", "title"]).save(home)
    loaded = Settings.load(home)
    assert (loaded.theme, loaded.volume, loaded.columns) == (Theme.DARK, 35, ["artist", "title"])


def test_the_first_start_has_defaults(home: Home) -> None:
    assert Settings.load(home) == Settings()


def test_a_field_that_does_not_fit_keeps_its_default_and_the_rest_stays(home: Home) -> None:
    write(home, json.dumps({"volume": 900, "theme": "dark", "unheard_of": 1}).encode())
    loaded = Settings.load(home)
    assert (loaded.volume, loaded.theme) == (Settings().volume, Theme.DARK)


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b'{"theme": "dark"'])
def test_a_damaged_file_is_set_aside(home: Home, content: bytes) -> None:
    write(home, content)
    assert Settings.load(home) == Settings()
    assert home.settings_file.with_suffix(".damaged").read_bytes() == content


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from(sorted(kinds())), JSON) | JSON)
def test_any_json_loads(tmp_path_factory: pytest.TempPathFactory, content: Any) -> None:
    home = Home.resolve(tmp_path_factory.mktemp("settings"))
    write(home, json.dumps(content).encode())
    loaded = Settings.load(home)
    assert 0 <= loaded.volume <= 100


def test_nonsense_is_refused_on_assignment() -> None:
    with pytest.raises(Unfit):
        Settings().volume = 101


def test_a_folder_that_cannot_be_written_leaves_the_old_settings(home: Home, tmp_path: Path) -> None:
    Settings(volume=11).save(home)
    blocked = Home.resolve(tmp_path / "file")
    blocked.root.write_text("a file where the folder should be")  # type: ignore[union-attr]
    with pytest.raises(OSError, match="file"):
        Settings(volume=12).save(blocked)
    assert Settings.load(home).volume == 11


def test_a_folder_whose_name_is_not_utf_8_is_kept(home: Home) -> None:
    Settings(last_folder="/music/\udcff").save(home)
    assert Settings.load(home).last_folder == "/music/\udcff"
