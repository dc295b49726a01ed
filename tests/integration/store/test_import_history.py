"""`indexer history import` as it is typed, with a real database: all is kept, once, matched, and told."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from indexer.cli import app
from indexer.core.home import Home
from indexer.core.plays import Opinion, PlaySource, Thumb
from indexer.core.store import Database
from indexer.core.store.address import URI_VARIABLE
from indexer.core.tracks import Words
from indexer.evaluation.taste.files import read_data
from indexer.history.echonest import TRACKS_FILE, TRIPLETS_FILE
from indexer.history.matching import match_awaiting
from indexer.history.musixmatch import NAME_FILES
from tests import histories
from tests.benchmarks.history import make_triplets
from tests.conftest import REPOSITORY
from tests.histories import BEGUN, HEARD, MXM_TRACKS, Heard, musixmatch
from tests.unit.core.catalogue.tracks import track

pytestmark = pytest.mark.database

JOGA = track(1, artist="Björk", title="Jóga", album="Homogenic")
ACE = track(2, artist="Motörhead", title="Ace of Spades", album="Ace of Spades")


@pytest.fixture
def typed(database: Database, home: Home, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv(URI_VARIABLE, database.uri)
    monkeypatch.setenv("SEGUE_HOME", str(home.root))
    monkeypatch.setenv("COLUMNS", "500")
    return CliRunner()


def run(typed: CliRunner, *arguments: str | Path, code: int = 0) -> Result:
    result = typed.invoke(app, [*(str(each) for each in arguments)])
    assert result.exit_code == code, result.output
    return result


def imported(typed: CliRunner, *arguments: str | Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(run(typed, "history", "import", *arguments, "--json").stdout)
    assert told["read"] == told["kept"] + told["known"] + told["refused"] + told["left_out"]
    return told


def notices(typed: CliRunner, path: Path) -> list[tuple[str, dict[str, Any]]]:
    lines = run(typed, "history", "import", path, "--events").stdout.splitlines()
    events = [json.loads(line) for line in lines]
    assert events[-1]["event"] == "finished"
    told = [(event["code"], event["values"]) for event in events if event["event"] == "notice"]
    return [(code, values) for code, values in told if code != "history-missed"]


def killed(path: Path, chance: random.Random) -> bool:
    """Import in a process of its own, which is killed at a random moment after its first word; whether it was."""
    command = [sys.executable, "-m", "indexer", "history", "import", str(path), "--events"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=REPOSITORY) as importing:
        assert importing.stdout is not None
        assert json.loads(importing.stdout.readline())["event"] in {"stage", "notice"}
        time.sleep(chance.uniform(0.0, 1.0))  # reason: the moment is what is tried
        importing.kill()
    return importing.returncode != 0


def written(folder: Path, content: bytes | str, name: str = "history") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_plays_are_kept_and_those_of_the_library_are_of_its_tracks(
    typed: CliRunner, database: Database, tmp_path: Path
) -> None:
    database.tracks.upsert([JOGA])
    told = imported(typed, written(tmp_path, histories.listenbrainz()))
    assert (told["kept"], told["matched"], told["missing"], told["refused"]) == (3, 1, 2, 0)
    assert told["artists"] == ["Motörhead", 'The "Quoted", and more']
    plays = list(database.plays.of())
    assert [play.track for play in plays] == [JOGA.id, None, None]
    assert [play.at for play in plays] == [heard.at for heard in HEARD]
    assert {play.context.source for play in plays} == {PlaySource.IMPORT}
    assert database.plays.counts() == {JOGA.id: 1}


def test_importing_again_adds_nothing(typed: CliRunner, database: Database, tmp_path: Path) -> None:
    path = written(tmp_path, histories.listenbrainz())
    imported(typed, path)
    again = imported(typed, path)
    assert (again["kept"], again["known"]) == (0, 3)
    twice = written(tmp_path, histories.listenbrainz() * 2 + histories.listenbrainz([Heard(at=BEGUN + 9_999)]), "more")
    more = imported(typed, twice)
    assert (more["kept"], more["known"]) == (1, 6)
    assert len(list(database.plays.of())) == 4


def test_a_library_of_another_player_gives_counts_and_stars(
    typed: CliRunner, database: Database, tmp_path: Path
) -> None:
    database.tracks.upsert([JOGA, ACE])
    database.opinions.save([Opinion(ACE.id, Thumb.DOWN, at=time.time())])
    path = histories.clementine(tmp_path / "clementine.db")
    for kept, known in ((3, 0), (0, 3)):
        told = imported(typed, path)
        assert (told["matched"], told["missing"], told["left_out"]) == (2, 1, 1)
        assert (told["kept"], told["known"]) == (kept, known)
    tallies = {tally.track: tally for tally in database.tallies.of()}
    assert len(tallies) == 3
    assert (tallies[JOGA.id].plays, tallies[JOGA.id].skips) == (3, 2)
    opinions = database.opinions.of()
    assert opinions[JOGA.id].rating == 4.0
    assert (opinions[ACE.id].thumb, opinions[ACE.id].rating) == (Thumb.DOWN, None)  # what was said here counts


def test_what_waits_is_matched_when_its_music_comes(
    typed: CliRunner, database: Database, tmp_path: Path, make_tone: Callable[..., Path]
) -> None:
    import mutagen

    imported(typed, written(tmp_path, histories.listenbrainz()))
    imported(typed, histories.clementine(tmp_path / "clementine.db"))
    assert len(list(database.plays.awaiting())) == 3
    song = make_tone("music/song.flac")
    tags = mutagen.File(song)
    tags["artist"], tags["title"], tags["album"] = "Bjork", "Jóga (Remastered)", "Homogenic"
    tags.save()
    events = [json.loads(line) for line in run(typed, "scan", song.parent, "--events").stdout.splitlines()]
    assert [event["values"] for event in events if event.get("code") == "plays-matched"] == [{"number": 2}]
    (came,) = database.tracks.all()
    assert database.plays.counts() == {came.id: 1}
    assert [tally.plays for tally in database.tallies.of() if tally.track == came.id] == [3]
    assert database.opinions.of()[came.id].rating == 4.0
    assert match_awaiting(database) == 0
    assert not [event for event in run(typed, "scan", "--events").stdout.splitlines() if "plays-matched" in event]
    again = imported(typed, written(tmp_path, histories.listenbrainz()))
    assert (again["kept"], again["matched"]) == (0, 1)


def test_a_dry_run_keeps_nothing(typed: CliRunner, database: Database, tmp_path: Path) -> None:
    database.tracks.upsert([JOGA])
    path = written(tmp_path, histories.listenbrainz())
    assert imported(typed, path, "--dry-run")["matched"] == 1
    shown = run(typed, "history", "import", path, "--dry-run").output
    assert "3 would be kept" in shown
    assert "is by: Motörhead" in shown
    assert not list(database.plays.of())
    assert "Found in 1 files of listenbrainz (1): 3 plays" in run(typed, "history", "import", path).output


def test_histories_of_listeners_stay_apart(typed: CliRunner, database: Database, tmp_path: Path) -> None:
    path = written(tmp_path, histories.listenbrainz())
    imported(typed, path, "--listener", "anna")
    assert imported(typed, path)["kept"] == 3
    assert database.plays.listeners() == {"anna": 3, "owner": 3}


def test_each_bad_line_is_told_and_the_rest_is_kept(typed: CliRunner, database: Database, tmp_path: Path) -> None:
    good, *_ = histories.listenbrainz().splitlines()
    lines = [
        good,
        json.dumps(histories.listen(Heard(at=0))).encode(),
        json.dumps(histories.listen(Heard(at=int(time.time()) + 10**7))).encode(),
        json.dumps(histories.listen(Heard(artist=""))).encode(),
        good[: len(good) // 2],
    ]
    told = notices(typed, written(tmp_path, b"\n".join(lines)))
    assert [(code, values["line"]) for code, values in told] == [
        ("history-time-old", "2"), ("history-time-ahead", "3"), ("history-artist", "4"), ("history-half", "5"),
    ]  # fmt: skip
    assert {values["file"] for _, values in told} == {"history"}
    assert len(list(database.plays.of())) == 1


def test_thousands_of_bad_lines_are_counted_and_not_all_told(
    typed: CliRunner, database: Database, tmp_path: Path
) -> None:
    header = "artist,title,timestamp\n"
    rows = [f"Artist,Title {number},{'never' if number % 2 else BEGUN + number}\n" for number in range(5_000)]
    path = written(tmp_path, header + "".join(rows), "scrobbles.csv")
    assert len(notices(typed, path)) <= 5
    told = imported(typed, path)
    assert (told["known"], told["reasons"]) == (2_500, {"history-time": 2_500})


def test_an_import_that_is_killed_loses_nothing_and_doubles_nothing(
    typed: CliRunner, database: Database, tmp_path: Path
) -> None:
    """Plays come first, then a library whose stars are kept as well: all of it is there after one more run."""
    database.tracks.upsert([JOGA, ACE])
    folder = tmp_path / "histories"
    folder.mkdir()
    plays = [Heard(HEARD[n % 3].artist, HEARD[n % 3].title, "", BEGUN + 300 * n) for n in range(6_000)]
    written(folder, histories.listenbrainz(plays), "1.jsonl")
    songs = [Heard("Björk", f"Song {number}") for number in range(1_000)]
    histories.clementine(folder / "2.db", [*HEARD, *songs])
    chance = random.Random(5)
    assert sum(killed(folder, chance) for _ in range(3)) >= 1
    begun = len(list(database.plays.of())) + len(list(database.tallies.of()))
    told = imported(typed, folder)
    assert told["kept"] + told["known"] == 6_000 + 1_003
    assert told["known"] >= begun  # the server goes on with what a killed one had sent it
    assert [play.at for play in database.plays.of()] == [heard.at for heard in plays]
    assert database.plays.counts() == {JOGA.id: 2_000, ACE.id: 2_000}
    assert len(list(database.tallies.of())) == 1_003
    assert {track: opinion.rating for track, opinion in database.opinions.of().items()} == {JOGA.id: 4.0, ACE.id: 5.0}


@pytest.mark.parametrize("encoding", ["utf-16", "cp1252", "utf-8-sig"])
def test_other_encodings_match_all_the_same(
    typed: CliRunner, database: Database, tmp_path: Path, encoding: str
) -> None:
    database.tracks.upsert([JOGA, ACE])
    path = written(tmp_path, histories.lastfm_table().encode(encoding))
    assert imported(typed, path)["matched"] == 2


def test_plays_of_strangers_are_kept_beside_the_library(
    typed: CliRunner, database: Database, home: Home, tmp_path: Path
) -> None:
    """A million listeners are no rows of the database; what they heard of the library is told all the same."""
    database.tracks.upsert([track(1, artist="Artist 15", title="Title 150")])
    made = make_triplets(tmp_path / "echonest", 3_000, songs=200)
    rows = (tmp_path / "echonest" / TRIPLETS_FILE).read_text(encoding="latin-1").splitlines()
    song = [
        line for line in (tmp_path / "echonest" / TRACKS_FILE).read_text().splitlines() if line.endswith("Title 150")
    ]
    heard = sum(song[0].split("<SEP>")[1] in row for row in rows)
    told = imported(typed, tmp_path / "echonest")
    assert (told["read"], told["refused"], told["known"]) == (made.lines, made.unusable, 0)
    assert told["matched"] == heard > 0
    again = imported(typed, tmp_path / "echonest")
    assert (again["kept"], again["known"]) == (0, told["kept"])
    assert not database.plays.listeners()
    data = read_data(home.crowds / "train_triplets")
    straight = read_data(tmp_path / "echonest")
    assert data.histories.plays.sum() == straight.histories.plays.sum() > 0
    assert sum(straight.refused.values()) == made.unusable
    with zipfile.ZipFile(tmp_path / "train_triplets.txt.zip", "w") as archive:
        archive.write(tmp_path / "echonest" / TRIPLETS_FILE, TRIPLETS_FILE)
    assert read_data(tmp_path / "train_triplets.txt.zip").histories.items.size > data.histories.items.size
    lines = notices(typed, tmp_path / "echonest" / TRIPLETS_FILE)
    assert {code for code, _ in lines} >= {"history-columns", "history-count", "history-id", "history-mismatched"}
    shown = run(typed, "evaluate", "--history", home.crowds / "train_triplets", "--no-spark", "--no-peers",
                "--method", "popularity", "--seeds", "1", "--resamples", "100").output  # fmt: skip
    assert "popularity" in shown


def with_words(folder: Path) -> Path:
    """Words of two songs that the library has, one of them named by musiXmatch alone, and of one that it has not."""
    folder.mkdir()
    songs = {MXM_TRACKS[0]: {"love": 2, "night": 5}, MXM_TRACKS[1]: {"road": 1}, MXM_TRACKS[2]: {"the": 9}}
    content = musixmatch(songs) + f"{MXM_TRACKS[0]},1,1:2,3\n{MXM_TRACKS[0]},1,99:1\n"
    written(folder, content, "mxm_dataset_train.txt")
    names = [
        f"{MXM_TRACKS[0]}<SEP>BJÖRK<SEP>Joga<SEP>1<SEP>Björk<SEP>Jóga",
        f"{MXM_TRACKS[1]}<SEP>Motorhead (live)<SEP>Spades<SEP>2<SEP>Motörhead<SEP>Ace of Spades",
        f"{MXM_TRACKS[2]}<SEP>Nobody<SEP>Nothing<SEP>3<SEP>Nobody<SEP>Nothing",
        "half a line",
    ]
    written(folder, "\n".join(names), NAME_FILES[0])
    return folder


def test_words_of_songs_are_kept_with_the_tracks_of_the_library(
    typed: CliRunner, database: Database, tmp_path: Path
) -> None:
    database.tracks.upsert([JOGA, ACE])
    database.words.keep({JOGA.id: Words(tags=("calm",))})
    folder = with_words(tmp_path / "mxm")
    tried = imported(typed, folder, "--dry-run")
    assert (tried["songs"], tried["songs_matched"], database.words.count()) == (3, 2, 1)
    told = imported(typed, folder)
    assert (told["songs"], told["songs_matched"], told["words_kept"]) == (3, 2, 2)
    assert told["reasons"] == {"history-bag": 1, "history-word": 1, "history-name": 1}
    assert database.words.get([JOGA.id, ACE.id]) == {
        JOGA.id: Words(tags=("calm",), counted=(("night", 5), ("love", 2))),
        ACE.id: Words(counted=(("road", 1),)),
    }
    assert imported(typed, folder)["words_kept"] == 0
    at = {code: values["line"] for code, values in notices(typed, folder)}
    assert at == {"history-name": "4", "history-bag": "7", "history-word": "8"}
    with zipfile.ZipFile(tmp_path / "mxm.zip", "w") as archive:
        for path in folder.iterdir():
            archive.write(path, path.name)
    assert imported(typed, tmp_path / "mxm.zip")["songs_matched"] == 2
    assert "Words of 3 songs, of which 2 are in the library" in run(typed, "history", "import", folder).stdout


def test_words_of_songs_without_names_are_told(typed: CliRunner, tmp_path: Path) -> None:
    path = written(tmp_path, musixmatch({MXM_TRACKS[0]: {"love": 2}}), "words.txt")
    assert [code for code, _ in notices(typed, path)] == ["history-nameless"]
    written(tmp_path, "", NAME_FILES[1])
    headless = written(tmp_path, f"{MXM_TRACKS[0]},1,1:1\n", "headless.txt")
    assert [code for code, _ in notices(typed, headless)] == ["history-vocabulary"]


def test_a_zip_is_read_as_what_is_in_it(typed: CliRunner, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
        archive.writestr("listens/2020/9.jsonl", histories.listenbrainz())
        archive.writestr("readme.txt", "Thank you for listening.")
    told = imported(typed, tmp_path / "export.zip")
    assert (told["files"], told["kept"]) == (1, 3)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"one,two\n1,2\n", "holds no listening history"),
        (b"", "holds no listening history"),
        (b"PK\x03\x04 and no zip at all", "is damaged, or locked with a password"),
        (None, "is not there"),
    ],
)
def test_what_is_no_history_ends_with_a_sentence(
    typed: CliRunner, tmp_path: Path, content: bytes | None, said: str
) -> None:
    path = tmp_path / "file.csv" if content is None else written(tmp_path, content, "file.csv")
    shown = run(typed, "history", "import", path, code=1).output
    assert said in shown
    assert "file.csv" in shown
