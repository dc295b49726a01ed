"""The bars of a build, as they are painted."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from indexer.core.events import Stage
from musicplayer.ui.indexing.indexing_cards import StageSteps
from musicplayer.ui.look.theme import Theme

STAGES = (Stage.SCAN, Stage.EXTRACT, Stage.MODEL, Stage.SOUND)


def full(steps: StageSteps, theme: Theme) -> list[Stage]:
    """The stages whose bar is filled to its end."""
    image = steps.grab().toImage()
    width = image.width() / len(STAGES)
    full = theme.colour("strong").rgb()
    return [stage for place, stage in enumerate(STAGES) if image.pixel(int((place + 0.9) * width), 2) == full]


def test_a_bar_stays_full_when_a_stage_before_it_comes_again(theme: Theme, qtbot: QtBot) -> None:
    """A second model follows when all is heard."""
    steps = StageSteps(theme)
    qtbot.addWidget(steps)
    steps.resize(600, steps.sizeHint().height())
    steps.begin()
    assert full(steps, theme) == []
    for stage in STAGES:
        steps.show_stage(stage, 0.3)
    assert full(steps, theme) == list(STAGES[:3])
    steps.show_stage(Stage.MODEL, 0.3)
    assert full(steps, theme) == [Stage.SCAN, Stage.EXTRACT, Stage.SOUND]
    steps.begin()
    steps.show_stage(Stage.SCAN, 0.3)
    assert full(steps, theme) == []
    steps.end(done=False)
    assert full(steps, theme) == []
    steps.end(done=True)
    assert full(steps, theme) == list(STAGES)
