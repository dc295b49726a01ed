from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import av
import mutagen
import mutagen.id3
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.core.audio.payload import locate, page_bodies
from indexer.core.errors import SegueError
from indexer.core.home import Home
from indexer.core.tags.editing.edits import apply, edits, undo
from indexer.core.tags.editing.fields import SEVERAL, Field, TagsRefused, checked
from indexer.core.tags.editing.previews import Preview, preview
from indexer.core.tags.reading import identify
from indexer.core.tags.tags import read_tags
from tests import bad_files, ten_formats
from tests.encoders import write_with_ffmpeg

ALL = {
    Field.TITLE: ["Höhle 日本"],
    Field.ARTIST: ["Ada Lund", "Björn"],
    Field.ALBUM: ["Åtta"],
    Field.ALBUM_ARTIST: ["Various Artists"],
    Field.TRACK: ["4"],
    Field.TRACKS: ["11"],
    Field.DISC: ["1"],
    Field.DISCS: ["2"],
    Field.DATE: ["2001-05-03"],
    Field.GENRE: ["Jazz", "Электроника"],
    Field.COMPOSER: ["Ö. Ek"],
    Field.COMMENT: ["Said in passing"],
    Field.COMPILATION: ["1"],
}


@pytest.fixture(scope="module")
def masters() -> Iterator[Path]:
    """A file of each format, tagged and untagged, to be copied."""
    with TemporaryDirectory() as name:
        for number, suffix in enumerate(ten_formats.FORMATS):
            ten_formats.write(Path(name) / f"tagged{suffix}", seed=number)
            ten_formats.write(Path(name) / f"bare{suffix}", seed=number, tagged=False)
        yield Path(name)


@pytest.fixture(params=ten_formats.FORMATS)
def song(request: pytest.FixtureRequest, masters: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(masters / f"tagged{request.param}", tmp_path))


def edited(home: Home, path: Path, changes: dict[Field, list[str]]) -> SegueError | None:
    outcome = apply(home, preview([str(path)], changes))
    return outcome.refused[0][1] if outcome.refused else None


def said(path: Path) -> Preview:
    return preview([str(path)], {})[0]


def sound(path: Path) -> str:
    """The hash of every byte of the sound, of Ogg without the numbers of its pages."""
    content = path.read_bytes()
    with path.open("rb") as file:
        found = locate(file)
    data = content[found.start : found.start + found.size]
    return hashlib.sha256(b"".join(page_bodies(data)) if found.paged else data).hexdigest()


@pytest.mark.parametrize("kind", ["tagged", "bare"])
@pytest.mark.parametrize("suffix", ten_formats.FORMATS)
def test_every_field_is_written_and_read_back(
    masters: Path, tmp_path: Path, home: Home, kind: str, suffix: str
) -> None:
    path = Path(shutil.copy(masters / f"{kind}{suffix}", tmp_path))
    before, was = sound(path), identify(path)
    assert edited(home, path, ALL) is None
    assert {name: list(values) for name, values in said(path).before.items()} == ALL
    tags = read_tags(path)
    assert (tags.title, tags.artists, tags.album, tags.year) == ("Höhle 日本", ("Ada Lund", "Björn"), "Åtta", 2001)
    assert (tags.track_number, tags.disc_number, tags.genres) == (4, 1, ("Jazz", "Электроника"))
    assert tags.compilation
    assert (sound(path), identify(path)) == (before, was)
    assert suffix == ".aac" or mutagen.File(path) is not None  # which it takes for MP3 with ID3 in front


@pytest.mark.parametrize("suffix", [".mp3", ".flac", ".opus", ".m4a", ".wma", ".wav", ".aiff", ".wv"])
def test_what_ffmpeg_wrote_is_shown_and_changed(tmp_path: Path, home: Home, suffix: str) -> None:
    wrote = {"title": "Fjord", "date": "1999", "comment": "Old"}
    song = write_with_ffmpeg(tmp_path / f"song{suffix}", bad_files.music(), metadata=wrote)
    shown = said(song).before
    assert [shown.get(name) for name in (Field.TITLE, Field.COMMENT)] == [("Fjord",), ("Old",)]
    assert edited(home, song, {Field.TITLE: ["Other"], Field.DATE: ["2004"], Field.COMMENT: ["New"]}) is None
    with av.open(str(song)) as read:
        found = {name.lower(): text for name, text in {**read.streams[0].metadata, **read.metadata}.items()}
    assert {name: found[name] for name in wrote} == {**wrote, "title": "Other", "date": "2004", "comment": "New"}


def test_a_description_beside_a_comment_stays(tmp_path: Path, home: Home) -> None:
    song = ten_formats.write(tmp_path / "song.flac")
    tags = mutagen.File(song)
    tags["comment"], tags["description"] = "Old", "Of the label"
    tags.save()
    assert edited(home, song, {Field.COMMENT: ["New"]}) is None
    assert (mutagen.File(song)["comment"], mutagen.File(song)["description"]) == (["New"], ["Of the label"])
    assert edited(home, song, {Field.COMMENT: []}) is None
    assert not {"comment", "description"} & set(mutagen.File(song).keys())


def test_what_does_not_change_stays(song: Path, home: Home) -> None:
    before, was = said(song).before, read_tags(song)
    assert edited(home, song, {Field.TITLE: ["Other"]}) is None
    assert said(song).before == {**before, Field.TITLE: ("Other",)}
    after = read_tags(song)
    assert (after.gains, after.mbid, after.words) == (was.gains, was.mbid, was.words)
    assert ten_formats.MBID in song.read_bytes().decode("latin-1").replace("\0", "")
    assert b"kept" in song.read_bytes().replace(b"\0", b"")


def test_covers_stay(song: Path, home: Home) -> None:
    assert edited(home, song, ALL) is None
    content = song.read_bytes()
    if song.suffix not in {".ogg", ".opus"}:  # which have it in base64, and were given none here
        assert ten_formats.cover() in content


def test_fields_are_taken_away(song: Path, home: Home) -> None:
    assert edited(home, song, {Field.TITLE: [], Field.ARTIST: [], Field.TRACK: []}) is None
    assert {Field.TITLE, Field.ARTIST, Field.TRACK} & said(song).before.keys() == set()
    assert read_tags(song).artist == ""


def test_an_edit_is_undone_to_the_last_byte(song: Path, home: Home) -> None:
    before, info = song.read_bytes(), song.stat()
    assert edited(home, song, ALL) is None
    assert song.read_bytes() != before
    assert undo(home).done == [str(song)]
    assert song.read_bytes() == before
    assert song.stat().st_mtime_ns == info.st_mtime_ns


def test_long_tags_are_undone_too(song: Path, home: Home) -> None:
    """They move the sound, and give pages of Ogg other numbers."""
    before = song.read_bytes()
    names = [f"{number} " + "x" * 190 for number in range(20)]
    for changes in ({Field.ARTIST: names, Field.GENRE: names, Field.COMPOSER: names}, {Field.TITLE: ["Later"]}):
        assert edited(home, song, changes) is None
    assert undo(home).refused == []
    assert undo(home).refused == []
    assert song.read_bytes() == before


def test_edits_are_undone_one_by_one(masters: Path, tmp_path: Path, home: Home) -> None:
    path = Path(shutil.copy(masters / "tagged.flac", tmp_path))
    for title in ("One", "Two", "Three"):
        assert edited(home, path, {Field.TITLE: [title]}) is None
    assert [each.number for each in edits(home)] == [3, 2, 1]
    for title in ("Two", "One", "Fjord"):
        undo(home)
        assert read_tags(path).title == title
    with pytest.raises(SegueError, match="no edit"):
        undo(home)


def test_an_earlier_edit_is_not_undone_below_a_later_one(masters: Path, tmp_path: Path, home: Home) -> None:
    path = Path(shutil.copy(masters / "tagged.mp3", tmp_path))
    for title in ("One", "Two"):
        edited(home, path, {Field.TITLE: [title]})
    assert [error.code for _, error in undo(home, 1).refused] == ["tags-changed-since"]
    assert read_tags(path).title == "Two"


def test_a_preview_writes_nothing(song: Path, home: Home) -> None:
    before, info = song.read_bytes(), song.stat()
    found = preview([str(song)], ALL)[0]
    assert found.changed.keys() == ALL.keys() - {name for name in ALL if found.before.get(name) == tuple(ALL[name])}
    assert (song.read_bytes(), song.stat().st_mtime_ns) == (before, info.st_mtime_ns)
    assert list(song.parent.iterdir()) == [song]
    assert not home.edits.exists()


def test_many_files_keep_what_is_their_own(masters: Path, tmp_path: Path, home: Home) -> None:
    paths = [Path(shutil.copy(masters / f"tagged{suffix}", tmp_path)) for suffix in ten_formats.FORMATS]
    for number, path in enumerate(paths):
        assert edited(home, path, {Field.TITLE: [f"Title {number}"]}) is None
    outcome = apply(home, preview([str(path) for path in paths], {Field.ALBUM: ["Together"]}))
    assert len(outcome.done) == len(paths)
    assert [read_tags(path).title for path in paths] == [f"Title {number}" for number in range(len(paths))]
    assert {read_tags(path).album for path in paths} == {"Together"}


@pytest.mark.parametrize("version", [2, 3, 4])
def test_id3_keeps_its_version(masters: Path, tmp_path: Path, home: Home, version: int) -> None:
    path = Path(shutil.copy(masters / "bare.mp3", tmp_path))
    frames = {
        2: b"TT2\0\0\x06\0Fjord" + b"XYZ\0\0\x04kept",
        3: b"TIT2\0\0\0\x06\0\0\0Fjord" + b"XYZW\0\0\0\x04\0\0kept",
    }
    frames[4] = frames[3]
    body = frames[version] + bytes(50)
    path.write_bytes(b"ID3" + bytes((version, 0, 0, 0, 0, 0, len(body))) + body + path.read_bytes())
    assert edited(home, path, {Field.TITLE: ["Bucht ü"], Field.DATE: ["1999"], Field.ALBUM: ["A"]}) is None
    content = path.read_bytes()
    assert content[3] == version
    assert b"kept" in content
    assert (read_tags(path).title, read_tags(path).year, read_tags(path).album) == ("Bucht ü", 1999, "A")


def test_id3v1_and_ape_say_the_same(masters: Path, tmp_path: Path, home: Home) -> None:
    path = Path(shutil.copy(masters / "tagged.mp3", tmp_path))
    assert edited(home, path, {Field.TITLE: ["Other"], Field.TRACK: ["7"]}) is None
    tail = path.read_bytes()[-128:]
    assert tail.startswith(b"TAGOther\0")
    assert tail[125:127] == b"\0\x07"
    assert str(mutagen.apev2.APEv2(path)["Title"]) == "Other"
    assert mutagen.id3.ID3(path, load_v1=False)["TIT2"] == "Other"


def test_a_link_stays_one(masters: Path, tmp_path: Path, home: Home) -> None:
    path = Path(shutil.copy(masters / "tagged.flac", tmp_path))
    (tmp_path / "links").mkdir()
    link = tmp_path / "links" / "link.flac"
    link.symlink_to(path)
    found = preview([str(link), str(path)], {Field.TITLE: ["Other"]})
    assert [each.path for each in found] == [str(path)]
    apply(home, found)
    assert link.is_symlink()
    assert read_tags(link).title == "Other"


def test_another_name_of_a_file_keeps_its_tags(masters: Path, tmp_path: Path, home: Home) -> None:
    path = Path(shutil.copy(masters / "tagged.flac", tmp_path))
    (tmp_path / "other.flac").hardlink_to(path)
    found = preview([str(path)], {Field.TITLE: ["Other"]})
    assert found[0].others == 1
    apply(home, found)
    assert (read_tags(path).title, read_tags(tmp_path / "other.flac").title) == ("Other", "Fjord")


@pytest.mark.skipif(not hasattr(os, "setxattr"), reason="file systems here have no attributes")
def test_rights_owner_and_attributes_stay(masters: Path, tmp_path: Path, home: Home) -> None:
    path = Path(shutil.copy(masters / "tagged.flac", tmp_path))
    path.chmod(0o640)
    try:
        os.setxattr(path, "user.origin", b"somewhere")
    except OSError:
        pytest.skip("this file system keeps no attributes")
    if os.geteuid() == 0:
        os.chown(path, 1234, 2345)
    before = path.stat()
    assert edited(home, path, {Field.TITLE: ["Other"]}) is None
    after = path.stat()
    assert (after.st_mode, after.st_uid, after.st_gid) == (before.st_mode, before.st_uid, before.st_gid)
    assert os.getxattr(path, "user.origin") == b"somewhere"
    assert after.st_mtime_ns != before.st_mtime_ns


def changed(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(-1, os.SEEK_END)
        file.write(b"\1")
    os.utime(path, ns=(0, 1))


def protected(path: Path) -> None:
    path.chmod(0o444)


@pytest.mark.parametrize(
    ("befalls", "code"), [(changed, "tags-changed"), (protected, "tags-read-only"), (Path.unlink, "file-vanished")]
)
def test_what_befalls_a_file_after_the_preview_is_told(
    masters: Path, tmp_path: Path, home: Home, befalls: Callable[[Path], None], code: str
) -> None:
    paths = [Path(shutil.copy(masters / f"tagged{suffix}", tmp_path)) for suffix in (".mp3", ".flac", ".ogg")]
    found = preview([str(path) for path in paths], {Field.TITLE: ["Other"]})
    befalls(paths[1])
    outcome = apply(home, found)
    assert [(path, error.code) for path, error in outcome.refused] == [(str(paths[1]), code)]
    assert "tagged.flac" in outcome.refused[0][1].message
    assert outcome.refused[0][1].advice
    assert outcome.done == [str(paths[0]), str(paths[2])]
    assert not list(tmp_path.glob(".segue*"))


def test_damaged_tags_are_left_alone(masters: Path, tmp_path: Path, home: Home) -> None:
    path = Path(shutil.copy(masters / "bare.mp3", tmp_path))
    path.write_bytes(b"ID3\3\0\0\0\0\0\x20" + b"TIT2\0\0\1\0\0\0\0Fjord".ljust(32, b"?") + path.read_bytes())
    before = path.read_bytes()
    error = edited(home, path, {Field.TITLE: ["Other"]})
    assert error is not None
    assert error.code == "tags-damaged"
    assert path.read_bytes() == before


@pytest.mark.parametrize("builder", [*bad_files.REFUSED_BY_SCAN, bad_files.corrupt_inside, bad_files.truncated_wave])
def test_bad_files_are_refused_or_edited_whole(tmp_path: Path, home: Home, builder: Callable[[Path], Path]) -> None:
    path = builder(tmp_path)
    before = path.read_bytes() if path.exists() else None
    error = edited(home, path, {Field.TITLE: ["Other"]})
    if error is not None:
        assert (path.read_bytes() if path.exists() else None) == before
        assert error.message
        assert not error.message.startswith(error.code)
    else:
        assert undo(home).refused == []
        assert path.read_bytes() == before


def test_kinds_that_are_not_written_say_so(tmp_path: Path, home: Home) -> None:
    path = ten_formats.write(tmp_path / "song.mka", tagged=False)
    error = edited(home, path, {Field.TITLE: ["Other"]})
    assert error is not None
    assert error.code == "tags-kind"


def test_albums_in_one_file_are_refused(masters: Path, tmp_path: Path, home: Home) -> None:
    path = Path(shutil.copy(masters / "tagged.flac", tmp_path))
    sheet = 'FILE "tagged.flac" WAVE\n TRACK 01 AUDIO\n  INDEX 01 00:00:00\n TRACK 02 AUDIO\n  INDEX 01 00:00:40\n'
    (tmp_path / "album.cue").write_text(sheet, encoding="utf-8")
    error = edited(home, path, {Field.TITLE: ["Other"]})
    assert error is not None
    assert error.code == "tags-album"


@pytest.mark.parametrize(
    ("field", "values"),
    [
        (Field.TITLE, ["a", "b"]),
        (Field.TITLE, ["x" * 501]),
        (Field.TRACK, ["0"]),
        (Field.TRACK, ["A3"]),
        (Field.DISCS, ["10000"]),
        (Field.DATE, ["yesterday"]),
        (Field.DATE, ["2001-13"]),
        (Field.GENRE, ["17"]),
        (Field.COMPILATION, ["maybe"]),
    ],
)
def test_values_that_a_field_may_not_have_are_refused(field: Field, values: list[str]) -> None:
    with pytest.raises(TagsRefused):
        checked({field: values})


TEXT = st.text(min_size=1, max_size=60)


@st.composite
def wishes(draw: st.DrawFn) -> dict[Field, list[str]]:
    """Changes that may be made, of some fields."""
    kinds: dict[Field, st.SearchStrategy[str]] = {
        Field.DATE: st.dates().filter(lambda day: 1900 <= day.year < 2100).map(str),
        Field.COMPILATION: st.just("1"),
        **dict.fromkeys((Field.TRACK, Field.TRACKS), st.integers(1, 255).map(str)),
        **dict.fromkeys((Field.DISC, Field.DISCS), st.integers(1, 99).map(str)),
    }
    changes = {}
    for field in draw(st.lists(st.sampled_from(list(Field)), unique=True, min_size=1)):
        most = 4 if field in SEVERAL else 1
        changes[field] = draw(st.lists(kinds.get(field, TEXT), max_size=most))
    return changes


@settings(max_examples=40)
@given(wishes(), st.sampled_from(ten_formats.FORMATS), st.sampled_from(["tagged", "bare"]))
def test_any_edit_is_made_whole_or_not_at_all(
    masters: Path, changes: dict[Field, list[str]], suffix: str, kind: str
) -> None:
    try:
        wanted = checked(changes)
    except TagsRefused:
        return
    with TemporaryDirectory() as name:
        home, path = Home.resolve(Path(name) / "home"), Path(name) / f"song{suffix}"
        shutil.copy(masters / f"{kind}{suffix}", path)
        content, before, heard = path.read_bytes(), said(path).before, sound(path)
        outcome = apply(home, preview([str(path)], changes))
        if outcome.refused:
            assert path.read_bytes() == content
            assert [error.code for _, error in outcome.refused] == ["tags-not-taken"]
        else:
            expected = {field: values for field, values in {**before, **wanted}.items() if values}
            assert said(path).before == expected
            assert sound(path) == heard
            assert not outcome.done or undo(home).done
        assert path.read_bytes() == content
        assert sorted(each.name for each in Path(name).iterdir() if each.is_file()) == [path.name]
