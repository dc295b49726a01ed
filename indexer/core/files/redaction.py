"""Takes passwords out of text that is about to be written down."""

from __future__ import annotations

import re
from urllib.parse import quote, quote_plus

from indexer.core.files.kinds import AUDIO_SUFFIXES

HIDDEN = "…"
_SHORTEST_SECRET = 4
"""Characters; a shorter one would blacken half of every text, and is guessed at once anyway."""

# Up to the last @ of the word: a password that was not percent-encoded may hold one itself.
_DATABASE_LOGIN = re.compile(r"(mongodb(?:\+srv)?(?:://|%3a%2f%2f))[^\s\"'<>]*(?:@|%40)", re.IGNORECASE)
_OTHER_LOGIN = re.compile(r"(\b[a-z][a-z0-9+.-]*://)[^\s/@\"'<>]+@", re.IGNORECASE)
_SECRET_OPTION = re.compile(r"((?:password|passphrase|session_token)\s?[=:]\s?)[^\s&,;\"'<>]+", re.IGNORECASE)
# What a request proves with who asks: in the address, where OpenSubsonic has it, or in a header.
_PROOF = re.compile(r"([?&](?:apikey|p|t|s|signed|token)=|\bBearer\s+)[^\s&,;\"'<>]+", re.IGNORECASE)

_secrets: set[str] = set()


def conceal(secret: str) -> None:
    """Take this very text out of whatever `redacted` is given from now on, percent-encoded or not."""
    if len(secret) >= _SHORTEST_SECRET:
        _secrets.update((secret, quote(secret, safe=""), quote_plus(secret)))


def redacted(text: str) -> str:
    """`text` without names, passwords and keys in addresses, and without what `conceal` was told."""
    for secret in sorted(_secrets, key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    text = _DATABASE_LOGIN.sub(rf"\1{HIDDEN}@", text)
    text = _OTHER_LOGIN.sub(rf"\1{HIDDEN}@", text)
    text = _PROOF.sub(rf"\1{HIDDEN}", text)
    return _SECRET_OPTION.sub(rf"\1{HIDDEN}", text)


_MUSIC = "|".join(re.escape(suffix[1:]) for suffix in sorted(AUDIO_SUFFIXES, key=len, reverse=True))
_KINDS = rf"(?:{_MUSIC}|m3u8?|xspf|pls|cue|jpe?g|png|webp|onnx)"
_FILE_NAME = re.compile(rf"[^\n]*(\.{_KINDS})(?![^\W_])", re.IGNORECASE)
_QUOTED = re.compile(r"“[^”\n]*”|„[^“”\n]*[“”]|‚[^‘’\n]*[‘’]|«[^»\n]*»")
_FILE_ADDRESS = r"file:/+|file%3a(?:%2f)+"
_ABSOLUTE = rf"(?:(?<![\w/›])(?:/(?![/\s]|$)|~[/\\]|[a-z]:[\\/]|\\\\(?=\w))|{_FILE_ADDRESS}|%2f(?=\w))"
_PATH_IN_QUOTES = re.compile(rf"([\"'`]){_ABSOLUTE}[^\n]*(?=\1)", re.IGNORECASE)
_PATH = re.compile(rf"{_ABSOLUTE}[^\n]*", re.IGNORECASE)


def nameless(text: str) -> str:
    """`text` without the names of files, folders and what stands in quotation marks.

    Where a name with spaces ends cannot be told, so rather too much is taken out: a line up to the ending of a music
    file's name, and from an absolute path on.
    """
    text = _PATH_IN_QUOTES.sub(rf"\1{HIDDEN}", text)
    text = _PATH.sub(HIDDEN, text)
    text = _QUOTED.sub(f"“{HIDDEN}”", text)
    return _FILE_NAME.sub(rf"{HIDDEN}\1", text)
