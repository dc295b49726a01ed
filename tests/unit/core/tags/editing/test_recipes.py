from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.core.tags.editing.recipes import SoundDiffers, digest_of, made_of, recipe

SOUND = b"\xff\xfb\x90\x64" + bytes(range(256)) * 20


def tagged(content: bytes, behind: bytes) -> bytes:
    """Sound between tags of this content."""
    size = bytes((len(content) >> shift) & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\4\0\0" + size + content + SOUND + (b"TAG" + behind.ljust(125, b"\0") if behind else b"")


CONTENT = st.binary(max_size=50) | st.builds(bytes.__mul__, st.binary(min_size=1, max_size=3), st.integers(0, 4_000))
TAGS = st.tuples(CONTENT, st.binary(max_size=125).filter(lambda data: b"APETAGEX" not in data))


@given(TAGS, TAGS)
def test_the_file_before_is_made_of_the_file_after(old: tuple[bytes, bytes], new: tuple[bytes, bytes]) -> None:
    with TemporaryDirectory() as name:
        before, after = Path(name) / "before", Path(name) / "after"
        before.write_bytes(tagged(*old))
        after.write_bytes(tagged(*new))
        steps = json.loads(json.dumps(recipe(before, after)))
        with after.open("rb") as file:
            assert b"".join(made_of(file, steps)) == before.read_bytes()


def test_a_picture_that_stays_is_not_kept_once_more(tmp_path: Path) -> None:
    picture = bytes((number * 7919) >> 3 & 0xFF for number in range(300_000))
    before, after = tmp_path / "before", tmp_path / "after"
    before.write_bytes(tagged(b"A title" + picture, b""))
    after.write_bytes(tagged(b"Quite another title" + picture + bytes(1_000), b"more"))
    assert len(json.dumps(recipe(before, after))) < 5_000


def test_other_sound_is_told(tmp_path: Path) -> None:
    before, after = tmp_path / "before", tmp_path / "after"
    before.write_bytes(tagged(b"A title", b""))
    changed = bytearray(tagged(b"Another title", b""))
    changed[-1_000] ^= 1
    after.write_bytes(changed)
    with pytest.raises(SoundDiffers):
        recipe(before, after)
    assert digest_of(before) != digest_of(after)
