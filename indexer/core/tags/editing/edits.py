"""Edits tags of many files as was shown beforehand, one file after the other; undone to the last byte."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from indexer.core.errors import SegueError
from indexer.core.files import disk
from indexer.core.files.locks import holding
from indexer.core.home import Home
from indexer.core.tags.editing.fields import TagsRefused, Values
from indexer.core.tags.editing.journal import (
    EditedFile,
    EditRecord,
    FileState,
    begun,
    journal_of,
    records,
)
from indexer.core.tags.editing.previews import Preview
from indexer.core.tags.editing.recipes import digest_of
from indexer.core.tags.editing.replacing import Written, put_back, refusal_of, rewrite
from indexer.core.tracks import Seconds

_SLOWEST = 1 << 20
"""Bytes a second that a drive copies at least, before it is taken for silent."""

OnFile = Callable[[str, SegueError | None], None]
"""Told of each file that was edited, or was left as it was and why."""


@dataclass
class Outcome:
    """What came of an edit, or of undoing one.

    Attributes:
        number: of the edit; None where there was nothing to do.
        done: paths of the files that say something else now.
        refused: the files that were left as they were, and why.
    """

    number: int | None = None
    done: list[str] = field(default_factory=list)
    refused: list[tuple[str, SegueError]] = field(default_factory=list)


def apply(home: Home, previews: Sequence[Preview], on_file: OnFile = lambda _path, _error: None) -> Outcome:
    """Edit the files of previews, as they were shown; a file that is refused keeps none of the others from it.

    Raises:
        SegueError: another program edits tags, or what is needed to undo the edit cannot be kept.
    """
    outcome = Outcome()
    with _alone(home):
        wanted = [each for each in previews if each.refusal is None and each.changed]
        for each in previews:
            if each.refusal is not None:
                _refuse(outcome, on_file, each.path, each.refusal)
        if not wanted:
            return outcome
        files = [EditedFile(each.path, {name: each.before.get(name, ()) for name in each.changed}) for each in wanted]
        record, journal = begun(home, _common(wanted), files)
        outcome.number = record.number
        for index, each in enumerate(wanted):
            path, part = Path(each.path), record.partial(index)
            ready = partial(journal.note, index, FileState.READY)
            work = partial(rewrite, path, part, each.changed, each.stamp, ready)
            if (error := _asked(path, work, each.stamp[0])) is None:
                journal.note(index, FileState.DONE)
                outcome.done.append(each.path)
                on_file(each.path, None)
            else:
                _refuse(outcome, on_file, each.path, error)
        _tidied(home, _again(home, record))
    return outcome


def undo(home: Home, number: int | None = None, on_file: OnFile = lambda _path, _error: None) -> Outcome:
    """Have the files before an edit again, to the last byte; without a number those before the latest that stands.

    Raises:
        SegueError: there is no such edit, another program edits tags, or what was undone cannot be kept.
    """
    outcome = Outcome()
    with _alone(home):
        record = _undoable(home, number)
        journal = journal_of(home, record.number)
        outcome.number = record.number
        journal.end(ended=False)
        for file in record.undoable:
            index, path = record.files.index(file), Path(file.path)
            error = None
            if file.written is not None:
                error = _asked(path, partial(put_back, path, record.partial(index), file.written), _size(path))
            if error is None:
                journal.note(index, FileState.UNDONE)
                outcome.done.append(file.path)
                on_file(file.path, None)
            else:
                _refuse(outcome, on_file, file.path, error)
        _tidied(home, _again(home, record))
    return outcome


def edits(home: Home) -> list[EditRecord]:
    """The edits that are known, the latest first."""
    return records(home)


def tidy(home: Home) -> int:
    """Clean up after edits that were cut short: what was half written goes, and each file is the old or the new one.

    Edits of drives that are not there now are left for the next time, as is all while another program edits.

    Returns:
        How many edits that was.

    Raises:
        EditsUnwritable: what was found cannot be kept.
    """
    if not home.edits.is_dir():
        return 0
    with holding(home, "tags") as alone:
        return _tidied_all(home) if alone else 0


@contextmanager
def _alone(home: Home) -> Iterator[None]:
    with holding(home, "tags") as alone:
        if not alone:
            raise SegueError("tags-busy")
        _tidied_all(home)
        yield


def _tidied_all(home: Home) -> int:
    return sum(_tidied(home, record) for record in records(home) if not record.ended)


def _tidied(home: Home, record: EditRecord) -> bool:
    journal = journal_of(home, record.number)
    try:
        for index, file in enumerate(record.files):
            if file.state is FileState.PLANNED or file.state is FileState.READY or not record.ended:
                disk.ask(file.path, partial(record.partial(index).unlink, missing_ok=True))
            if file.state is FileState.READY and file.written is not None:
                journal.note(index, _state_of(Path(file.path), file.written))
    except OSError:
        return False  # its drive is away: looked at again the next time
    journal.end()
    return True


def _state_of(path: Path, written: Written) -> FileState:
    """Whether a file is the one before or another; what was made of it since is found out where it is undone."""
    try:
        found = disk.ask(path, partial(digest_of, path), wait=disk.READ_SECONDS)
    except FileNotFoundError:
        return FileState.DONE
    return FileState.PLANNED if found == written.before else FileState.DONE


def _asked(path: Path, work: Callable[[], None], size: int) -> SegueError | None:
    """Do something with a file, of a drive that may not answer; what is wrong with it is returned.

    Raises:
        SegueError: nothing can be done with any file.
    """
    wait: Seconds = disk.READ_SECONDS + size / _SLOWEST
    try:
        disk.ask(path, work, wait=wait)
    except TagsRefused as error:
        return error
    except OSError as error:
        return refusal_of(path, error)
    return None


def _size(path: Path) -> int:
    with suppress(OSError):
        return disk.look(path).st_size
    return 0


def _refuse(outcome: Outcome, on_file: OnFile, path: str, error: SegueError) -> None:
    outcome.refused.append((path, error))
    on_file(path, error)


def _common(wanted: Sequence[Preview]) -> Values:
    """All fields that change in some file, with what they will say."""
    return {name: values for each in wanted for name, values in each.changed.items()}


def _undoable(home: Home, number: int | None) -> EditRecord:
    for record in records(home):
        if record.undoable and number in {None, record.number}:
            return record
    raise SegueError("tags-no-edit") if number is None else SegueError("tags-no-such-edit", edit=str(number))


def _again(home: Home, record: EditRecord) -> EditRecord:
    return next((each for each in records(home) if each.number == record.number), record)
