"""Lines of buttons keep their icons where there is no room for words."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from musicplayer.ui.look.buttons import push_button, worded_button
from musicplayer.ui.look.folding_buttons import FoldingButtons
from musicplayer.ui.look.look import Look


def test_words_go_from_the_end_and_come_back(look: Look, qtbot: QtBot) -> None:
    words = ["Play", "Shuffle", "Start the radio", "Add to queue"]
    buttons = [push_button(word, icon=look.icons.icon("shuffle")) for word in words]
    line = FoldingButtons(buttons)
    qtbot.addWidget(line)
    line.resize(900, 40)
    line.show()
    assert [button.text().strip() for button in buttons] == words
    line.resize(300, 40)
    shown = [button.text().strip() for button in buttons]
    assert shown[0] == "Play"
    assert shown[-1] == ""
    assert buttons[-1].toolTip() == buttons[-1].accessibleName() == "Add to queue"
    assert all(button.width() >= button.sizeHint().width() for button in buttons)
    line.resize(900, 40)
    assert [button.text().strip() for button in buttons] == words


def test_a_small_button_folds_too_and_one_that_is_hidden_takes_no_room(look: Look, qtbot: QtBot) -> None:
    play = push_button("Play", icon=look.icons.icon("play"))
    small = worded_button(look.icons.icon("shuffle"), "Shuffle", tip="Play in an order of chance")
    last = worded_button(look.icons.icon("export"), "A button with a long name")
    window = QWidget()
    line = FoldingButtons((play, small, last), window)
    qtbot.addWidget(window)
    line.resize(900, 40)
    window.show()
    whole, gaps = play.sizeHint().width() + small.sizeHint().width(), 24
    line.resize(whole + last.iconSize().width() + 20 + gaps, 40)
    assert [button.text().strip() for button in (play, small, last)] == ["Play", "Shuffle", ""]
    assert (small.toolTip(), last.toolTip()) == ("Play in an order of chance", "A button with a long name")
    line.resize(whole + gaps - 20, 40)
    assert small.text() == ""
    last.hide()
    line.resize(whole + gaps, 40)
    assert small.text().strip() == "Shuffle"


def test_a_line_can_stand_at_the_end_of_its_room(look: Look, qtbot: QtBot) -> None:
    button = push_button("Update taste", icon=look.icons.icon("arrows-clockwise"))
    line = FoldingButtons((button,), at_end=True)
    qtbot.addWidget(line)
    line.resize(500, 40)
    line.show()
    assert button.geometry().right() > 480
    assert button.text().strip() == "Update taste"
    line.resize(60, 40)
    assert button.text() == ""
