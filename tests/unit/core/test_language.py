"""A process speaks one language, and another one where it answers somebody who reads that."""

from __future__ import annotations

import asyncio
from gettext import NullTranslations

import anyio.to_thread

from indexer.core.language import Language, code, number, speaking, tr


class Loud(NullTranslations):
    def gettext(self, message: str) -> str:
        return message.upper().replace("{TITLE}", "{title}")


LOUD = Language(Loud(), "de")


def said() -> tuple[str, str, str]:
    return tr("play {title}", title="so"), number(1_234), code()


def test_another_language_is_spoken_for_a_while() -> None:
    with speaking(Language(Loud())):
        assert tr("play") == "PLAY"
        with speaking(LOUD):
            assert number(1_234) == "1.234"
        assert number(1_234) == "1,234"
    assert tr("play") == "play"


def test_requests_beside_each_other_speak_their_own_also_in_worker_threads() -> None:
    async def request(language: Language | None) -> tuple[str, str, str]:
        if language is None:
            await asyncio.sleep(0)  # the others begin
            return await anyio.to_thread.run_sync(said)
        with speaking(language):
            await asyncio.sleep(0)  # the others begin
            return await anyio.to_thread.run_sync(said)

    async def together() -> list[tuple[str, str, str]]:
        return await asyncio.gather(request(LOUD), request(None), request(LOUD))

    loud, plain = ("PLAY so", "1.234", "de"), ("play so", "1,234", "en")
    assert asyncio.run(together()) == [loud, plain, loud]
