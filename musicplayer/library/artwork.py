"""Covers for what is shown: found, decoded small and kept on disk, off the main thread; drawn where there is none."""

from __future__ import annotations

import hashlib
import os
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QObject, QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFont, QImage, QImageReader, QLinearGradient, QPainter

from indexer.core.catalogue.chosen_covers import ChosenCovers
from indexer.core.catalogue.covers import FORMATS, MOST_PIXELS, drawing_of, folders_for, names_for, pictures
from indexer.core.files import disk
from indexer.core.files.atomic import write_atomically
from indexer.core.shared.server import is_address
from indexer.core.tracks import Seconds, Track, TrackId
from musicplayer.genre_colours import colour_of_genre
from musicplayer.library.served_covers import CoverAway, served_cover
from musicplayer.threads import Tasks

MOST_IN_MEMORY = 40_000_000
"""Bytes of pictures: 450 of the wall of covers, some screens full."""

LOOKED_AGAIN = 200
"""So many covers: those in view and some more."""

AGAIN_MS = 30_000
"""So often a server that gave no covers is asked again."""

FRESH: Seconds = 86_400.0
"""So long a cover that a server sent is not asked for again, as it says itself."""

_MADE = b"covers 2"
"""How covers are found and made; where that changes, so does this, and none of the old ones is shown any more."""

_JPEG_QUALITY = 90
Wanted = tuple[TrackId, int]


class Artwork(QObject):
    """Gives the cover of a track at a size in pixels, a drawn one where there is none.

    Signals:
        ready: TrackId, size, and the QImage, a square of that size.
        renewed: what `image` gives for some track is another picture than before.
    """

    ready = Signal(object, int, object)
    renewed = Signal()

    def __init__(
        self,
        cache: Path,
        parent: QObject | None = None,
        *,
        again_ms: int = AGAIN_MS,
        chosen: ChosenCovers | None = None,
    ) -> None:
        """Keep decoded covers under the folder `cache`, which may be deleted at any time.

        A server that is away is asked again every `again_ms` milliseconds; what was `chosen` comes before all else.
        """
        super().__init__(parent)
        self._awaited: dict[Wanted, Track] = {}
        self._again = QTimer(self, singleShot=True, interval=again_ms)
        self._again.timeout.connect(self._ask_again)
        self._cache = cache
        self._chosen = chosen
        self._images: OrderedDict[Wanted, QImage] = OrderedDict()
        self._bytes = 0
        self._under_way: set[Wanted] = set()
        self._tasks = Tasks(workers=2, parent=self)

    def image(self, track: TrackId, size: int) -> QImage | None:
        """The cover if it is in memory, for painting; None means: request it."""
        wanted = (track, size)
        image = self._images.get(wanted)
        if image is not None:
            self._images.move_to_end(wanted)
        return image

    def request(self, track: Track, size: int) -> None:
        """Have `ready` emitted for a track, in a moment; asking twice costs nothing."""
        wanted = (track.id, size)
        if wanted in self._under_way:
            return
        known = self._images.get(wanted)
        self._look_for(track, wanted, lambda: self._found(track, size) if known is None else known)

    def look_again(self, about: Callable[[TrackId], Track | None]) -> None:
        """Look for the covers that were shown last: folders were read, and there may be others in or beside the files.

        `about` says what is known of a track by now. What is shown stays where none is found, as the drive may be away.
        """
        for wanted in list(self._images)[-LOOKED_AGAIN:]:
            track = about(wanted[0])
            if track is not None and wanted not in self._under_way and not is_address(track.path):
                self._look_for_another(track, wanted)

    def renew(self, track: Track) -> None:
        """Have `ready` emitted in each size in which a track was shown: it has another cover now."""
        for wanted in [wanted for wanted in self._images if wanted[0] == track.id]:
            self._look_for(track, wanted, partial(self._found, track, wanted[1]), self.renewed.emit)

    def shutdown(self) -> None:
        self._tasks.shutdown()

    def _found(self, track: Track, size: int) -> QImage | None:
        return found_cover(track, size, self._cache, self._chosen)

    def _look_for(
        self,
        track: Track,
        wanted: Wanted,
        find: Callable[[], QImage | None],
        then: Callable[[], None] = lambda: None,
    ) -> None:
        def on_found(image: QImage | None) -> None:
            self._on_loaded(wanted, drawn_cover(track, wanted[1]) if image is None else image)
            then()

        self._under_way.add(wanted)
        self._tasks.run(find, on_found, lambda error: self._on_failed(track, wanted, error))

    def _look_for_another(self, track: Track, wanted: Wanted) -> None:
        def on_found(image: QImage | None) -> None:
            self._under_way.discard(wanted)
            if image is not None and image != self._images.get(wanted):
                self._on_loaded(wanted, image)
                self.renewed.emit()

        self._under_way.add(wanted)
        find = partial(self._found, track, wanted[1])
        self._tasks.run(find, on_found, lambda error: self._on_failed(track, wanted, error))

    def _on_failed(self, track: Track, wanted: Wanted, error: Exception) -> None:
        """Show a drawn one, for as long as it is away where that is why."""
        if isinstance(error, CoverAway):
            self._awaited[wanted] = track
            if not self._again.isActive():
                self._again.start()
        self._on_loaded(wanted, drawn_cover(track, wanted[1]))

    def _ask_again(self) -> None:
        """Ask for one of the covers that were away, and once it is here for all others that were not long ago shown."""
        self._awaited = {wanted: track for wanted, track in self._awaited.items() if wanted in self._images}
        for wanted, track in list(self._awaited.items())[:1]:
            del self._awaited[wanted]
            find = partial(self._found, track, wanted[1])
            self._look_for(track, wanted, find, self._ask_for_the_others)

    def _ask_for_the_others(self) -> None:
        awaited, self._awaited = self._awaited, {}
        for wanted, track in awaited.items():
            self._look_for(track, wanted, partial(self._found, track, wanted[1]))

    def _on_loaded(self, wanted: Wanted, image: QImage) -> None:
        self._under_way.discard(wanted)
        before = self._images.pop(wanted, None)
        self._bytes += image.sizeInBytes() - (before.sizeInBytes() if before is not None else 0)
        self._images[wanted] = image
        while self._bytes > MOST_IN_MEMORY and len(self._images) > 1:
            _, oldest = self._images.popitem(last=False)
            self._bytes -= oldest.sizeInBytes()
        self.ready.emit(wanted[0], wanted[1], image)


def found_cover(track: Track, size: int, cache: Path, chosen: ChosenCovers | None = None) -> QImage | None:
    """The cover of a track as a square of `size` pixels: the chosen one, else from the file or its folder; or None.

    It is kept in `cache`, and taken from there the next time; so is that a file and its folder have none, as an empty
    file: else music without covers would be read for them at every start.

    Raises:
        CoverAway: it is on a server that does not give it now, and was not kept.
    """
    if is_address(track.path):
        return _served(track, size, cache)
    if chosen is not None and (picture := chosen.picture_of(track.id)) is not None:
        kept_as = cache / _kept_name(f"{picture.name}:{size}".encode())
        if (image := _kept_or_first(lambda: _content_of(picture), size, kept_as)) is not None:
            return image
    cached = _cache_file(track, size, cache)
    with suppress(OSError):
        if cached is not None and not cached.stat().st_size:
            return None
    image = _kept_or_first(lambda: _pictures(track), size, cached)
    if image is None and cached is not None and _can_be_read(track.path):
        _keep(b"", cached)
    return image


def _kept_or_first(found: Callable[[], Iterator[bytes]], size: int, cached: Path | None) -> QImage | None:
    """What was kept, else the first picture that can be decoded, which is kept then."""
    if cached is not None:
        kept = QImage(str(cached))
        if not kept.isNull():
            return kept
    for content in found():
        image = decoded(content, size)
        if image is not None:
            if cached is not None:
                _keep(_jpeg(image), cached)
            return image
    return None


def _served(track: Track, size: int, cache: Path) -> QImage | None:
    """The cover of a track of a shared library; one that was kept for long stands in while there is no other."""
    kept = cache / _kept_name(os.fsencode(f"{track.path}:{size}"))
    before = QImage(str(kept))
    with suppress(OSError):
        if not before.isNull() and time.time() - kept.stat().st_mtime < FRESH:
            return before
    try:
        content = served_cover(track, size)
    except CoverAway:
        if before.isNull():
            raise
        return before
    image = None if content is None else decoded(content, size)
    if image is not None:
        _keep(_jpeg(image), kept)
    return image


def _content_of(picture: Path) -> Iterator[bytes]:
    """What is in a file; nothing where it cannot be read."""
    with suppress(OSError):
        yield picture.read_bytes()


def _pictures(track: Track) -> Iterator[bytes]:
    """The pictures for a file; none where its drive does not answer, which must not hold a thread for ever."""
    found = pictures(track.path, names_for(track))
    with suppress(disk.DiskSilent):
        while (content := disk.ask(track.path, lambda: next(found, None))) is not None:
            yield content


def _can_be_read(path: str) -> bool:
    """Whether a file opens, so that it is known what is in it."""
    with suppress(OSError):
        disk.ask(path, lambda: Path(path).open("rb").close())
        return True
    return False


def drawn_cover(track: Track, size: int) -> QImage:
    """A cover for a track that has none; for the main thread only, see `generated_cover`."""
    return generated_cover(track.album or track.artist or track.title, size, track.genre)


def decoded(content: bytes, size: int) -> QImage | None:
    """Decode a picture straight to a square of `size` pixels, cut at the longer sides; None if it is none."""
    data = QByteArray(content)
    buffer = QBuffer(data)
    buffer.open(QBuffer.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setAutoTransform(True)
    kind = bytes(reader.format().data()).decode("latin-1")
    if kind not in FORMATS:  # before its size is asked: that reads an SVG and what it names
        return None
    full = reader.size()
    if full.width() * full.height() > MOST_PIXELS:
        return None
    if full.isValid():
        reader.setScaledSize(full.scaled(QSize(size, size), Qt.AspectRatioMode.KeepAspectRatioByExpanding))
    image = reader.read()
    return None if image.isNull() else _square(_opaque(image), size)


def _opaque(image: QImage) -> QImage:
    """What is kept as a JPEG has nothing to see through: white is behind, as in browsers, else it would be black."""
    if not image.hasAlphaChannel():
        return image
    behind = QImage(image.size(), QImage.Format.Format_RGB32)
    behind.fill(Qt.GlobalColor.white)
    painter = QPainter(behind)
    painter.drawImage(0, 0, image)
    painter.end()
    return behind


def _square(image: QImage, size: int) -> QImage:
    side = min(image.width(), image.height())
    cut = image.copy(QRect((image.width() - side) // 2, (image.height() - side) // 2, side, side))
    return cut.scaled(size, size, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation)


def _cache_file(track: Track, size: int, cache: Path) -> Path | None:
    """Named after the file as it is now, so that a new cover is seen; None for a file that cannot be looked at."""
    try:
        stat = disk.look(track.path)
        folders = ":".join(str(disk.look(folder).st_mtime_ns) for folder in folders_for(Path(track.path)))
    except (OSError, ValueError):
        return None
    state = f"{stat.st_mtime_ns}:{stat.st_size}:{folders}:{size}".encode()
    return cache / _kept_name(os.fsencode(track.path) + state)


def _kept_name(about: bytes) -> Path:
    """Where below the cache a cover is kept, by all that it depends on."""
    name = hashlib.blake2b(about, digest_size=16, person=_MADE).hexdigest()
    return Path(name[:2]) / f"{name}.jpg"


def _jpeg(image: QImage) -> bytes:
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    image.save(buffer, "JPEG", _JPEG_QUALITY)  # type: ignore[call-overload]
    return bytes(content.data())


def _keep(content: bytes, path: Path) -> None:
    try:
        write_atomically(path, content)
    except OSError:
        return  # A full disk costs time at the next start, nothing else.


def generated_cover(name: str, size: int, genre: str = "") -> QImage:
    """Return a square picture of `size` pixels for an album, artist or title of that name, in the colour of a genre.

    For the main thread only. Text takes a lock of Qt's that every font shares, and PySide keeps Python's own lock while
    it waits for that: a main thread that lays out text, and comes into Python with it, would wait for ever.
    """
    drawing = drawing_of(name, colour_of_genre(genre))
    image = QImage(size, size, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    gradient = QLinearGradient(QPointF(0, 0), QPointF(size * drawing.slant, size))
    gradient.setColorAt(0, QColor.fromHsl(*drawing.top))
    gradient.setColorAt(1, QColor.fromHsl(*drawing.bottom))
    painter.fillRect(image.rect(), gradient)
    _write(painter, drawing.letters, size)
    painter.end()
    return image


def _write(painter: QPainter, text: str, size: int) -> None:
    font = QFont()
    font.setPixelSize(max(8, size * 2 // 5))
    font.setWeight(QFont.Weight.DemiBold)
    painter.setFont(font)
    painter.setPen(QColor(255, 255, 255, 215))
    painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
    painter.drawText(QRectF(0, 0, size, size), Qt.AlignmentFlag.AlignCenter, text)
