"""The tags of containers as texts by name, whatever the kinds of values they keep."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from mutagen.apev2 import TEXT
from mutagen.asf._attrs import ASFBoolAttribute
from mutagen.mp4 import MP4FreeForm

from indexer.core.tags.fields import undeclared

_PAIRS = frozenset({"trkn", "disk"})
_SWITCHES = frozenset({"cpil", "WM/IsCompilation"})


class Comments:
    """Vorbis comments, or a tag of APEv2: names without case."""

    def __init__(self, tags: Any) -> None:
        """Change `tags`, as mutagen has them."""
        self._tags = tags

    def get(self, name: str) -> list[str]:
        """The texts under a name; none where something else than text is there."""
        value = self._tags.get(name)
        if value is None or getattr(value, "kind", TEXT) != TEXT:
            return []
        return [text for text in (value if isinstance(value, list) else list(value)) if text.strip()]

    def put(self, name: str, values: Sequence[str]) -> None:
        """Have these texts in place of those that are there."""
        if values:
            self._tags[name] = list(values)
        elif name in self._tags:
            del self._tags[name]

    def besides(self, names: Iterable[str]) -> list[str]:
        """All else that the tag says."""
        left_out = {name.lower() for name in names}
        return sorted(f"{key}={self._tags[key]!r}" for key in self._tags.keys() if key.lower() not in left_out)  # noqa: SIM118


class Atoms:
    """The tags of an MP4 file, in which numbers come with their totals and switches are no texts."""

    def __init__(self, tags: Any) -> None:
        """Change `tags`, as mutagen has them."""
        self._tags = tags

    def get(self, name: str) -> list[str]:
        """The texts under a name; a number with its total as 3/12."""
        value = self._tags.get(name)
        if value is None:
            return []
        if name in _SWITCHES:
            return ["1"] if value else []
        return [text for each in value if (text := _text_of(each)).strip()]

    def put(self, name: str, values: Sequence[str]) -> None:
        """Have these texts in place of those that are there."""
        if not values:
            self._tags.pop(name, None)
        elif name in _SWITCHES:
            self._tags[name] = True
        elif name in _PAIRS:
            number, _, total = values[0].partition("/")
            self._tags[name] = [(int(number), int(total or 0))]
        elif name.startswith("----:"):
            self._tags[name] = [MP4FreeForm(text.encode()) for text in values]
        else:
            self._tags[name] = list(values)

    def besides(self, names: Iterable[str]) -> list[str]:
        """All else that the tag says."""
        left_out = set(names)
        return sorted(f"{key}={value!r}" for key, value in self._tags.items() if key not in left_out)


class Attributes:
    """The tags of an ASF file."""

    def __init__(self, tags: Any) -> None:
        """Change `tags`, as mutagen has them."""
        self._tags = tags

    def get(self, name: str) -> list[str]:
        """The texts under a name."""
        return [text for value in self._tags.get(name, []) if (text := str(value)).strip()]

    def put(self, name: str, values: Sequence[str]) -> None:
        """Have these texts in place of those that are there."""
        if values:
            self._tags[name] = [ASFBoolAttribute(True)] if name in _SWITCHES else list(values)
        elif name in self._tags:
            del self._tags[name]

    def besides(self, names: Iterable[str]) -> list[str]:
        """All else that the tag says, with languages and streams: the first ones where none are given, as for ASF."""
        left_out = set(names)
        return sorted(
            f"{key}={value!r} {value.language or 0} {value.stream or 0}"
            for key, value in self._tags
            if key not in left_out
        )


class Entries:
    """Texts in chunks of their own, as RIFF and AIFF have them: each name with the bytes that it has."""

    def __init__(self, content: list[tuple[bytes, bytes]]) -> None:
        """Change `content`, in its order."""
        self.content = content

    def get(self, name: str) -> list[str]:
        """The texts under a name."""
        return [text for key, data in self.content if _name_of(key) == name and (text := undeclared(data)).strip()]

    def put(self, name: str, values: Sequence[str]) -> None:
        """Have one text in place of those that are there; several are joined."""
        former = [number for number, (key, _) in enumerate(self.content) if _name_of(key) == name]
        kept = [each for number, each in enumerate(self.content) if number not in former]
        if values:
            at = former[0] if former else len(kept)
            kept.insert(at, (name.encode("latin-1"), "; ".join(values).encode() + b"\0"))
        self.content = kept

    def besides(self, names: Iterable[str]) -> list[str]:
        """All else that is there."""
        left_out = set(names)
        return [f"{key!r}={data!r}" for key, data in self.content if _name_of(key) not in left_out]


def _name_of(key: bytes) -> str:
    return key.decode("latin-1").upper()


def _text_of(item: Any) -> str:
    if isinstance(item, tuple):
        number, total = (*item, 0)[:2]
        return f"{number}/{total}" if total else str(number) if number else ""
    return item.decode("utf-8", "replace") if isinstance(item, bytes) else str(item)
