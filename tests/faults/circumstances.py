"""What changes around Segue: a folder that goes and comes, a clock that is set back, a second indexer."""

from __future__ import annotations

import random
import time

from tests.faults.fault import Blow, Fault
from tests.faults.kills import failure_of, noticed_by
from tests.faults.world import World, says, tells
from tests.waiting import wait_until

DAY = 86_400
CLIPS = 24


def unmount_folder(world: World, chance: random.Random) -> Blow:
    """Away and back: a rescan in between marks its tracks as away, and nothing more."""
    world.live_a_little(chance)
    world.ledger.note()
    aside = world.music.with_name("unmounted")
    world.music.rename(aside)
    world.music.mkdir()  # as an unmounted drive leaves it
    try:
        build = world.built("--model", "never")
        sentence = noticed_by(build, "is not there now") or noticed_by(build, "no music")
        audit = world.ledger.audit()
        assert not audit.losses, audit.losses
    finally:
        world.music.rmdir()
        aside.rename(world.music)
    began = time.monotonic()
    again = world.built("--model", "never")
    summary = again.records[-1]["summary"]
    assert summary["analysed"] == 0, "tracks were analysed again"
    return Blow(time.monotonic() - began, sentence, "build's events; status line in the window")


def set_clock_back(world: World, chance: random.Random) -> Blow:
    """By a day, under a running player and build: what is done afterwards holds, although it seems the older one."""
    offset = world.root.parent / "offset"
    offset.write_text("0", encoding="ascii")
    world.through = ("tests.faults.with_clock", str(offset))
    world.close_player()
    running = world.start_player()
    world.live_a_little(chance)
    world.ledger.note()
    made = next(record for record in running.records if record.get("say") == "playlist")
    world.add_clips(CLIPS)
    build = world.start_build("--model", "never")
    build.wait_for(tells("stage", stage="extract"))
    offset.write_text(f"-{DAY}", encoding="ascii")
    began = time.monotonic()
    before = len(running.records)
    running.tell(f"extend {made['id']} {chance.choice(world.tracks)}")
    running.wait_for(says("playlist"), after=before)
    world.live_a_little(chance)
    assert build.end(300) == 0, build.sentences[-10:]
    seconds = time.monotonic() - began
    world.close_player()
    again = world.start_player()
    again.wait_for(says("connected"))
    return Blow(seconds, "", "", unsaid="no time is compared with another")


def start_two_indexers(world: World, chance: random.Random) -> Blow:
    """One works, the other says which one does and ends."""
    world.live_a_little(chance)
    world.ledger.note()
    world.add_clips(CLIPS)
    began = time.monotonic()
    first = world.start_build("--model", "never")
    second = world.start_build("--model", "never")
    wait_until(lambda: not (first.is_running and second.is_running), what="both work")
    seconds = time.monotonic() - began
    codes = {first.end(300), second.end(300)}
    assert codes == {0, 1}, codes
    refused, worked = (first, second) if first.code else (second, first)
    sentence = failure_of(refused)
    assert str(worked.pid) in sentence, f"it does not say which one works: {sentence}"
    return Blow(seconds, sentence, "second indexer's failure")


CIRCUMSTANCES = (
    Fault("unmount a folder", "Its tracks are away, not gone; plays and analysis are there when it is back.",
          unmount_folder),
    Fault("set the clock back", "A later edit holds, although its time is the earlier one.", set_clock_back),
    Fault("two indexers at once", "The second says who works, and ends.", start_two_indexers),
)  # fmt: skip
