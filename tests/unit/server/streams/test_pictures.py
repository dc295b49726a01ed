"""Covers are decoded small and upright or drawn, and what is no picture, or too much of one, is left."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st
from mutagen.flac import FLAC, Picture
from PIL import Image

from musicplayer.library.artwork import generated_cover
from musicplayer.server.streams.pictures import cover_of, decoded, drawn
from tests.conftest import tone

RED, BLUE = (220, 30, 30), (30, 30, 220)


def picture(colour: tuple[int, ...] = RED, size: tuple[int, int] = (300, 300), kind: str = "PNG", **how: Any) -> bytes:
    content = io.BytesIO()
    Image.new(how.pop("mode", "RGB"), size, colour).save(content, kind, **how)
    return content.getvalue()


def opened(content: bytes | None) -> Image.Image:
    assert content is not None
    image = Image.open(io.BytesIO(content))
    assert image.format == "JPEG"
    return image


def is_near(image: Image.Image, colour: tuple[int, int, int], at: tuple[float, float] = (0.5, 0.5)) -> bool:
    seen = image.convert("RGB").getpixel((int(image.width * at[0]), int(image.height * at[1])))
    return max(abs(one - other) for one, other in zip(seen, colour, strict=True)) < 12


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "BMP"])
def test_every_kind_of_cover_becomes_a_square_jpeg(kind: str) -> None:
    image = opened(decoded(picture(kind=kind), 128))
    assert image.size == (128, 128)
    assert is_near(image, RED)


@pytest.mark.parametrize("kind", ["TIFF", "ICO", "PPM", "TGA", "PDF", "EPS"])
def test_other_kinds_are_none(kind: str) -> None:
    assert decoded(picture(kind=kind), 128) is None


@pytest.mark.parametrize("text", [b"", b"text", b'<svg xmlns="http://www.w3.org/2000/svg"/>', b"\x89PNG\r\n\x1a\n"])
def test_what_is_no_picture_is_none(text: bytes) -> None:
    assert decoded(text, 128) is None


@given(st.binary(max_size=200), st.sampled_from(["PNG", "JPEG", "WEBP", "GIF", "BMP"]), st.integers(0, 600))
def test_damage_gives_a_picture_or_none(noise: bytes, kind: str, at: int) -> None:
    whole = picture(kind=kind, size=(40, 40))
    made = decoded(whole[:at] + noise + whole[at + len(noise) :], 32)
    assert made is None or opened(made).size == (32, 32)


def test_a_wide_picture_is_cut_and_a_small_one_stays_small() -> None:
    wide = Image.new("RGB", (300, 100), BLUE)
    wide.paste(RED, (100, 0, 200, 100))
    content = io.BytesIO()
    wide.save(content, "PNG")
    image = opened(decoded(content.getvalue(), 512))
    assert image.size == (100, 100)
    assert is_near(image, RED, (0.1, 0.5))
    assert is_near(image, RED, (0.9, 0.5))


@pytest.mark.parametrize("mode", ["CMYK", "L", "1", "P", "LA", "RGBA"])
def test_pictures_of_any_colours_are_understood(mode: str) -> None:
    kind = "JPEG" if mode == "CMYK" else "PNG"
    colour = {"CMYK": (0, 0, 0, 0), "RGBA": (0, 0, 0, 0), "LA": (0, 0), "P": 0}.get(mode, 255)
    image = opened(decoded(picture(colour, (50, 50), kind, mode=mode), 32))
    assert image.mode == "RGB"
    assert is_near(image, (0, 0, 0) if mode == "P" else (255, 255, 255))


def test_a_picture_is_turned_as_its_camera_was() -> None:
    lying = Image.new("RGB", (200, 200), BLUE)
    lying.paste(RED, (0, 0, 200, 100))
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned to the right by a quarter
    content = io.BytesIO()
    lying.save(content, "JPEG", exif=exif)
    image = opened(decoded(content.getvalue(), 64))
    assert is_near(image, RED, (0.9, 0.5))
    assert is_near(image, BLUE, (0.1, 0.5))
    assert not image.getexif()


def bomb_png(width: int, height: int) -> bytes:
    """A picture of a few kB that promises as much as is said."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(1_000_000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def bomb_gif(width: int, height: int) -> bytes:
    return b"GIF89a" + struct.pack("<HHBBB", width, height, 0, 0, 0) + picture(kind="GIF")[13:]


def bomb_bmp(width: int, height: int) -> bytes:
    return picture(kind="BMP")[:18] + struct.pack("<ii", width, height) + picture(kind="BMP")[26:]


@pytest.mark.parametrize(
    "content",
    [bomb_png(60_000, 60_000), bomb_png(7_100, 7_100), bomb_gif(65_000, 65_000), bomb_bmp(30_000, 30_000)],
    ids=["png", "png just too large", "gif", "bmp"],
)
def test_a_picture_of_too_many_pixels_is_none(content: bytes) -> None:
    assert decoded(content, 128) is None


def audio(folder: Path) -> Path:
    path = folder / "a.flac"
    soundfile.write(path, tone(0.2), 22_050)
    return path


def test_the_picture_in_the_file_goes_before_those_beside_it(tmp_path: Path) -> None:
    path = audio(tmp_path)
    folders = [str(tmp_path)]
    assert cover_of(str(path), 64, folders) is None
    (tmp_path / "cover.png").write_bytes(b"broken")
    (tmp_path / "front.jpg").write_bytes(picture(BLUE, kind="JPEG"))
    assert is_near(opened(cover_of(str(path), 64, folders)), BLUE)
    inside = Picture()
    inside.data, inside.type, inside.mime = picture(RED), 3, "image/png"
    tagged = FLAC(path)
    tagged.add_picture(inside)
    tagged.save()
    assert is_near(opened(cover_of(str(path), 64, folders)), RED)


def test_a_picture_outside_of_the_library_is_no_cover(tmp_path: Path) -> None:
    (tmp_path / "music").mkdir()
    (tmp_path / "private.png").write_bytes(picture())
    path = audio(tmp_path / "music")
    (tmp_path / "music" / "cover.png").symlink_to(tmp_path / "private.png")
    assert cover_of(str(path), 64, [str(tmp_path / "music")]) is None
    assert cover_of(str(path), 64, [str(tmp_path)]) is not None


@pytest.mark.parametrize(
    ("name", "genre"),
    [("Geogaddi", "Electronic"), ("Boards of Canada", "Jazz"), ("Ночь", ""), ("Ärger Über", "Rock"), ("", "")],
)
def test_a_drawn_cover_looks_as_in_the_window(tmp_path: Path, qapp: object, name: str, genre: str) -> None:
    window = tmp_path / "window.png"
    generated_cover(name, 128, genre).save(str(window))
    before = np.asarray(Image.open(window).convert("RGB"), float)
    after = np.asarray(opened(drawn(name, 128, genre)).convert("RGB"), float)
    corners = np.s_[[2, 2, -3, -3], [2, -3, 2, -3]]
    assert np.abs(before[corners] - after[corners]).max() < 6
    assert (after[40:88, 40:88] > 200).all(axis=2).any()


def test_letters_that_no_font_has_are_a_note() -> None:
    assert decoded(drawn("中文", 64), 64) is not None
    assert not np.array_equal(np.asarray(opened(drawn("中文", 64))), np.asarray(opened(drawn("AB", 64))))
