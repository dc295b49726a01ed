"""Files that lead elsewhere are not followed: lists of addresses named .mp3, pictures of pictures, models of others."""

from __future__ import annotations

import json
from pathlib import Path

import av
import pytest

from indexer.core.audio.errors import NotAudio
from indexer.core.audio.packets import open_container
from indexer.core.home import Home
from indexer.core.model import ModelCorrupt, current_model_folder
from indexer.core.model.errors import ModelCorrupt as Corrupt
from indexer.core.model.manifest import read_manifest
from indexer.core.tags.tags import read_tags
from musicplayer.desktop.file_urls import path_of_url
from musicplayer.library.artwork import decoded
from tests.fuzz.audio import id3, whole_files
from tests.fuzz.targets.pictures import png

STREAM = b"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nhttp://127.0.0.1:9/x.ts\n#"


@pytest.mark.parametrize(
    "content",
    [
        STREAM,
        id3(b"") + STREAM,
        b"\xef\xbb\xbf" + STREAM,
        STREAM.decode().encode("utf-16"),
        b'<?xml version="1.0"?><MPD><BaseURL>http://127.0.0.1:9/x</BaseURL></MPD>',
        b"\x1f\x8b\x08" + bytes(20),
        b"ffconcat version 1.0\nfile /etc/passwd\n",
    ],
)
def test_a_list_of_addresses_in_front_of_sound_is_no_sound(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "song.mp3"
    path.write_bytes(content + whole_files()[".mp3"])
    with pytest.raises(NotAudio):
        read_tags(path)


def test_ffmpeg_does_not_open_what_a_list_names(tmp_path: Path) -> None:
    (tmp_path / "secret.aac").write_bytes(whole_files()[".aac"])
    path = tmp_path / "list.m3u8"
    path.write_text("#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nsecret.aac\n#EXT-X-ENDLIST\n", encoding="utf-8")
    with av.open(str(path)) as followed:
        assert followed.format.name == "hls"
    with pytest.raises(av.FFmpegError), open_container(path):
        pass


def test_a_picture_that_names_another_or_promises_too_much_is_no_cover(tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(png(64, 64))
    assert decoded((tmp_path / "secret.png").read_bytes(), 64) is not None
    drawing = f'<svg xmlns="http://www.w3.org/2000/svg"><image href="{tmp_path / "secret.png"}"/></svg>'
    assert decoded(drawing.encode(), 64) is None
    assert decoded(png(60_000, 60_000), 64) is None


@pytest.mark.parametrize("name", ["..", ".", "", "../one", "/", "one/../one", "a\0b", "x" * 10_000])
def test_a_pointer_to_a_model_leads_to_no_other_folder(home: Home, name: str) -> None:
    place = home.models / "sonic"
    (place / "one").mkdir(parents=True)
    (place / "current.json").write_text(json.dumps({"id": name}), encoding="utf-8")
    with pytest.raises(ModelCorrupt):
        current_model_folder(home, "sonic")


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "..", "C:\\secret", "a\0b"])
def test_a_manifest_names_no_file_outside_of_its_folder(tmp_path: Path, name: str) -> None:
    record = {"format": 2, "files": {name: {"size": 1, "sha256": ""}}}
    (tmp_path / "manifest.json").write_text(json.dumps(record), encoding="utf-8")
    with pytest.raises(Corrupt):
        read_manifest(tmp_path)


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("file:/music/a.mp3", "/music/a.mp3"),
        ("file:///music/a%3Fb.mp3", "/music/a?b.mp3"),
        ("file://localhost/a.mp3", "/a.mp3"),
        ("file:///%00", None),
        ("file:relative", None),
        ("file://\udcff/x", None),
        ("file:///\udcff.mp3", "/\udcff.mp3"),
        ("file:///\ud800.mp3", None),
    ],
)
def test_the_path_that_an_address_names(address: str, path: str | None) -> None:
    assert path_of_url(address) == path
