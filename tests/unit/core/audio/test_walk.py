from __future__ import annotations

import os
from pathlib import Path

from indexer.core.audio.errors import UnreadableFile, UnreadableFolder
from indexer.core.audio.walk import list_audio
from indexer.core.files.kinds import AUDIO_SUFFIXES
from tests import bad_files


def names(root: Path) -> list[str]:
    return [os.path.relpath(path, root) for path in list_audio(str(root)).files]


def touch(root: Path, *paths: str) -> None:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(b"x")


def test_audio_files_are_listed_in_order_whatever_the_case_of_their_ending(tmp_path: Path) -> None:
    touch(tmp_path, "b/2.MP3", "b/1.flac", "a.Ogg", "b/cover.jpg", "notes.txt", "mp3", "c.mp3.part")
    assert names(tmp_path) == ["a.Ogg", "b/1.flac", "b/2.MP3"]


def test_every_suffix_is_lower_case_and_dotted() -> None:
    assert all(suffix == suffix.lower() and suffix.startswith(".") for suffix in AUDIO_SUFFIXES)


def test_what_may_be_music_of_an_unknown_kind_is_counted_and_what_lies_beside_music_is_not(tmp_path: Path) -> None:
    touch(tmp_path, "1.mid", "a/2.MID", "a/3.cdg", "song", "Live at St. Something", "song.mp3", "films/4.mkv")
    touch(tmp_path, "cover.jpg", "notes.txt", "list.m3u8", "a.cue", "README", "proof.sfv", "tracks.csv", "a/Thumbs.db")
    (tmp_path / "a.mid").mkdir()
    assert list_audio(str(tmp_path)).unknown == {".mid": 2, ".cdg": 1, "": 2, ".mkv": 1}


def test_hidden_files_and_system_folders_are_left_out(tmp_path: Path) -> None:
    bad_files.hidden_files(tmp_path)
    touch(tmp_path, "$RECYCLE.BIN/x.mp3", "@eaDir/x.mp3", "song.mp3")
    assert names(tmp_path) == ["song.mp3"]


def test_excluded_folders_are_left_out_with_all_below_them_and_their_links(tmp_path: Path) -> None:
    touch(tmp_path, "in/song.mp3", "out/song.mp3", "out/deep/song.mp3", "outside.mp3")
    (tmp_path / "link").symlink_to(tmp_path / "in", target_is_directory=True)
    excluded = [str(tmp_path / "out"), str(tmp_path / "link")]
    assert sorted(Path(path).parent.name for path in list_audio(str(tmp_path), excluded=excluded).files) == [
        "in",
        tmp_path.name,
    ]


def test_link_loops_end_and_list_each_file_once(tmp_path: Path) -> None:
    bad_files.link_loop(tmp_path)
    (tmp_path / "self.mp3").symlink_to(tmp_path / "self.mp3")
    listing = list_audio(str(tmp_path))
    assert [Path(path).name for path in listing.files] == ["in the loop.flac"]
    assert list(listing.errors) == [str(tmp_path / "self.mp3")]


def test_a_linked_folder_is_followed_and_real_paths_win(tmp_path: Path) -> None:
    root = tmp_path / "root"
    touch(tmp_path, "elsewhere/far.mp3", "root/z/near.mp3")
    (root / "a").symlink_to(root / "z", target_is_directory=True)
    (root / "b").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    assert sorted(names(root)) == ["b/far.mp3", "z/near.mp3"]


def test_what_is_no_regular_file_is_an_error(tmp_path: Path) -> None:
    paths = [bad_files.dangling_link(tmp_path), bad_files.named_pipe(tmp_path)]
    bad_files.folder_named_like_music(tmp_path)
    listing = list_audio(str(tmp_path))
    assert sorted(listing.errors) == sorted(map(str, paths))
    assert all(isinstance(error, UnreadableFile) for error in listing.errors.values())
    assert [Path(path).name for path in listing.files] == ["inside.flac"]


def test_a_missing_and_a_bare_folder_are_told_apart(tmp_path: Path) -> None:
    assert not list_audio(str(tmp_path / "missing")).is_there
    bare = list_audio(str(bad_files.empty_folder(tmp_path)))
    assert bare.is_there
    assert bare.is_bare
    touch(tmp_path, "full/notes.txt")
    assert not list_audio(str(tmp_path / "full")).is_bare


def test_a_closed_folder_is_an_error_and_the_rest_is_listed() -> None:
    with bad_files.open_folder() as root:
        touch(root, "closed/x.mp3", "open/y.mp3")
        (root / "closed").chmod(0)
        with bad_files.as_nobody():
            listing = list_audio(str(root))
        (root / "closed").chmod(0o700)
    assert listing.closed == [str(root / "closed")]
    assert isinstance(listing.errors[str(root / "closed")], UnreadableFolder)
    assert list(listing.files) == [str(root / "open" / "y.mp3")]


def test_a_closed_root_counts_as_not_there() -> None:
    with bad_files.open_folder() as folder:
        root = folder / "root"
        touch(root, "x.mp3")
        root.chmod(0)
        with bad_files.as_nobody():
            listing = list_audio(str(root))
        root.chmod(0o700)
    assert not listing.is_there
    assert list(listing.errors) == [str(root)]


def test_odd_names_are_listed(tmp_path: Path) -> None:
    paths = bad_files.odd_names(tmp_path)
    assert set(list_audio(str(tmp_path)).files) == set(map(str, paths))


def test_the_walk_ends_when_told(tmp_path: Path) -> None:
    touch(tmp_path, "a/1.mp3", "b/2.mp3")
    assert not list_audio(str(tmp_path), on_folder=lambda: False).files
