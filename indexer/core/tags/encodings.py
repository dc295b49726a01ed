"""Finds out how the text of tags is to be read whose encoding nobody wrote down, or wrote down wrongly.

Programs of the nineties, and many since, wrote tags in the encoding of their own machine and called it Latin-1. Which
one it was is found by likelihood over all such texts of a file, and over those of its folder where a file has too
little to say. Honest Latin-1 stays what it is: another guess has to be clearly the more likely one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

WESTERN = "cp1252"
"""Latin-1 as it was written: with quotation marks and dashes where Latin-1 has nothing."""

ENCODINGS = (
    *("cp1252", "cp1250", "iso8859-2", "cp1254", "cp1257", "cp1251", "koi8-u", "cp866", "cp1253", "cp1255", "cp1256"),
    *("cp874", "cp932", "euc_jp", "gbk", "big5", "euc_kr"),
)
"""What tags are met in. Rare relations of these are left out: what they gain is less than what they confuse."""

_LATIN = frozenset({"cp1252", "cp1250", "iso8859-2", "cp1254", "cp1257"})
_SEVERAL_BYTES = frozenset({"cp932", "euc_jp", "gbk", "big5", "euc_kr"})
_WIDER = {"gbk": "gb18030", "big5": "big5hkscs"}
"""What the detector knows instead; text that needs more than the narrower ones is rather something else."""

_ASKED = tuple(_WIDER.get(name, name) for name in ENCODINGS if name != "euc_jp")  # its kana tell it better
_NARROWER = {wide: narrow for narrow, wide in _WIDER.items()}

# Tuned on names of 30 languages (`python -m tests.benchmarks encodings`): no honest Western name is read otherwise.
_CLEARER_SCRIPT = 3.0
_CLEARER_LATIN = 1.6
"""How many times more likely than Western text another script, or another Latin alphabet, has to be."""

_FEWEST_LETTERS = 4
_FEWEST_SIGNS = 2
"""Different letters of another script, or signs of several bytes: with fewer anything can be made of anything."""

_CUT_AT = 30
"""Bytes of a field of ID3v1, which may end within a sign."""

_WORD = re.compile(r"[^\W\d_]+")
_KANA = re.compile("[\u3041-\u30ff]")
_HANGUL = re.compile("[\uac00-\ud7a3]")
_NOT_TURKISH = re.compile("[áéíóúæÁÉÍÓÚÆ]")
_SIGN = "[¡-©¬®-³¶-¹»-¿\x80-\x9f]"
_BROKEN_WORD = re.compile(
    rf"[^\W\d_]{_SIGN}[^\W\d_]|(?<!\w){_SIGN}[^\W\d_]{{2}}|[^\W\d_]{{2}}[¡-©¬¯±¶-¹»-¿\x80-\x9f](?![^\s.,!?])"
)
"""What no Western text has: a sign that is no letter in a word, as in `s³oñce`."""


_Fields = Mapping[str, Sequence[str]]
"""Texts by the name of their field."""


class Undeclared(str):
    """Text of whose bytes nobody said in which encoding they are; it holds them as Latin-1."""

    __slots__ = ()


class Guess(NamedTuple):
    """How likely text is in an encoding; `text` is what it says then."""

    likelihood: float
    encoding: str
    language: str
    text: str


class Verdict(NamedTuple):
    """An encoding; it `is_sure` where nothing else comes near."""

    encoding: str
    is_sure: bool


def with_encodings(fields: _Fields, neighbours: Callable[[], Sequence[bytes]], chosen: str = "") -> _Fields:
    """`fields` with all text in Unicode.

    Args:
        fields: of one file, of any tags.
        neighbours: gives the texts of undeclared encoding in its folder; asked where the file alone does not tell.
        chosen: the encoding that a person expects, empty for none; taken wherever it makes sense.
    """
    texts = [text.encode("latin-1") for text in undeclared_texts([fields])]
    if not texts:
        return fields
    encoding = likely_encoding(texts, neighbours, chosen)
    return {name: [_read(text, encoding) for text in values] for name, values in fields.items()}


def undeclared_texts(sources: Iterable[_Fields]) -> list[str]:
    """The different texts whose encoding is not known, in order."""
    texts = (text for fields in sources for values in fields.values() for text in values)
    return list(dict.fromkeys(text for text in texts if isinstance(text, Undeclared)))


def likely_encoding(
    texts: Sequence[bytes], neighbours: Callable[[], Sequence[bytes]] = lambda: (), chosen: str = ""
) -> str:
    """The encoding that several texts are most likely in, all the same one; the `chosen` one unless they defy it."""
    guesses = _guesses(texts)
    if chosen in ENCODINGS and _may_be(texts, chosen, guesses):
        return chosen
    verdict = _judged(texts, guesses)
    if verdict.is_sure or not (others := neighbours()):
        return verdict.encoding
    together = [*dict.fromkeys((*texts, *others))]
    wider = _judged(together, _guesses(together)).encoding
    return wider if _may_be(texts, wider, guesses) else verdict.encoding


def decoded(text: bytes, encoding: str) -> str | None:
    """Text in an encoding, None where it cannot be; what ID3v1 cut within a sign loses the half of it."""
    for data in (text, text[:-1]) if len(text) == _CUT_AT else (text,):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def text_of(content: bytes, of_old: Callable[[bytes], str]) -> str:
    """The text of a file: by its mark, as UTF-8, or as `of_old` reads what is in neither."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if content.startswith(mark):
            return content[len(mark) :].decode(encoding, "replace")
    if b"\0" in content[:64]:
        return content.decode("utf-16-be" if content[:1] == b"\0" else "utf-16-le", "replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return of_old(content)


def _read(text: str, encoding: str) -> str:
    if not isinstance(text, Undeclared):
        return text
    data = text.encode("latin-1")
    return decoded(data, encoding) or decoded(data, WESTERN) or str(text)


def _all_decoded(texts: Sequence[bytes], encoding: str) -> str | None:
    found = [decoded(text, encoding) for text in texts]
    return None if None in found else "\n".join(map(str, found))


def _western(texts: Sequence[bytes]) -> str:
    return _all_decoded(texts, WESTERN) or b"\n".join(texts).decode("latin-1")


def _guesses(texts: Sequence[bytes]) -> list[Guess]:
    """All guesses that are possible, the likeliest first."""
    import chardet  # noqa: PLC0415 - few files need it

    guesses: dict[str, Guess] = {}
    whole = [text[:-1] if len(text) == _CUT_AT and text[-1] >= 0x80 else text for text in texts]  # noqa: PLR2004
    for data in dict.fromkeys((b"\n".join(texts), b"\n".join(whole))):
        for found in chardet.detect_all(data, ignore_threshold=True, compat_names=False, include_encodings=_ASKED):
            name = str(found["encoding"])
            encoding = _NARROWER.get(name, name)
            text = _all_decoded(texts, encoding) if encoding in ENCODINGS else None
            guess = Guess(float(found["confidence"]), encoding, str(found["language"]), text or "")
            if text is not None and (encoding not in guesses or guesses[encoding] < guess):
                guesses[encoding] = guess
    return sorted(guesses.values(), reverse=True)


def _judged(texts: Sequence[bytes], guesses: Sequence[Guess]) -> Verdict:
    if (japanese := _by_kana(texts)) is not None:
        return Verdict(japanese, is_sure=True)
    western = _western(texts)
    usual = max((guess.likelihood for guess in guesses if guess.text == western), default=0.0)
    best = _best(guesses, western)
    if best is None or best.text == western:
        return Verdict(WESTERN, is_sure=True)
    if best.encoding in _LATIN:
        return Verdict(best.encoding if _is_other_latin(best, usual, western) else WESTERN, is_sure=False)
    if not _is_other_script(best, usual):
        return Verdict(WESTERN, is_sure=False)
    others = [each.likelihood for each in guesses if each.text != best.text and each.encoding not in _LATIN]
    return Verdict(best.encoding, is_sure=best.likelihood > _CLEARER_SCRIPT * max(others, default=0.0))


def _best(guesses: Sequence[Guess], western: str) -> Guess | None:
    """The likeliest guess, but for two pairs of languages that the detector holds for equally likely."""
    if not guesses:
        return None
    best = guesses[0]
    for guess in guesses:
        near = guess.likelihood > best.likelihood / 2
        if guess.encoding == "euc_kr" and near and len(_HANGUL.findall(guess.text)) == _letters(guess.text):
            return guess
        is_turkish = guess.encoding == "cp1254" and guess.language == "tr" and guess.text != western
        if is_turkish and guess.likelihood >= best.likelihood and not _NOT_TURKISH.search(western):
            return guess
    return best


def _is_other_latin(best: Guess, usual: float, western: str) -> bool:
    if _BROKEN_WORD.search(western):
        return best.likelihood >= usual
    different = {one for one, other in zip(western, best.text, strict=False) if one != other}
    needed = 1.0 if best.language == "tr" and not _NOT_TURKISH.search(western) else _CLEARER_LATIN
    return len(different) > 1 and best.likelihood >= needed * usual


def _is_other_script(best: Guess, usual: float) -> bool:
    """Whether it is clearly likelier than Western text, and has words of its own script rather than letters in ours."""
    letters = {letter for letter in best.text if letter.isalpha() and not letter.isascii()}
    enough = _FEWEST_SIGNS if best.encoding in _SEVERAL_BYTES else _FEWEST_LETTERS
    return len(letters) >= enough and best.likelihood >= _CLEARER_SCRIPT * usual and _is_of_one_script(best.text)


def _is_of_one_script(text: str) -> bool:
    """Whether the letters of words that mix scripts, as in `Beyoncй`, are few among those of words that do not."""
    pure = mixed = 0
    for word in _WORD.findall(text):
        if word.isascii():
            continue
        if any(unicodedata.name(letter, "").startswith("LATIN") for letter in word):
            mixed += 1
        else:
            pure += len(word)
    return pure >= _FEWEST_SIGNS and pure >= 4 * mixed


def _by_kana(texts: Sequence[bytes]) -> str | None:
    """The Japanese encoding in which there are kana and nothing but Japanese; no other language has them."""
    for encoding in ("cp932", "euc_jp"):
        text = _all_decoded(texts, encoding)
        if text is None:
            continue
        foreign = [letter for letter in text if not letter.isascii()]
        kana = len(_KANA.findall(text))
        if kana >= _FEWEST_SIGNS and kana * 12 >= len(foreign) and all(map(_is_japanese, foreign)):
            return encoding
    return None


def _is_japanese(letter: str) -> bool:
    if _KANA.match(letter) or unicodedata.category(letter) != "Lo":
        return not "\uff61" <= letter <= "\uff9f"  # halfwidth kana: what is made of other languages' bytes
    return unicodedata.name(letter, "").startswith("CJK")


def _letters(text: str) -> int:
    return sum(not letter.isascii() for letter in text)


def _may_be(texts: Sequence[bytes], encoding: str, guesses: Sequence[Guess]) -> bool:
    """Whether an encoding that there is a reason to expect does not go against what the texts say."""
    text = _all_decoded(texts, encoding)
    if text is None:
        return encoding == WESTERN
    if encoding not in _LATIN:
        return _is_of_one_script(text)
    western = _western(texts)
    likelihood = {guess.encoding: guess.likelihood for guess in guesses}
    usual = max((guess.likelihood for guess in guesses if guess.text == western), default=0.0)
    return likelihood.get(encoding, 0.0) >= usual
