"""A client of AT-SPI, as screen readers are: says on each line what the programs on its bus show, and acts on it.

The system's Python runs it, which has PyGObject. A line on standard input is a list of JSON, a word and what that is
about; the answer is a line of JSON.
"""

from __future__ import annotations

import ctypes
import json
import sys
from collections.abc import Iterator
from typing import Any

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, Gio, GLib  # noqa: E402 - the version is chosen before

MOST_CHILDREN = 120
"""Of a table: its headers, and the first rows."""

_REVERT_TO_POINTER, _VIEWABLE = 1, 2
_STATUS = "org.a11y.Status"
_WANTED = ("enabled", "focusable", "focused", "selected", "checked", "showing")


def announce() -> bool:
    """Have the bus say that a screen reader listens; programs show themselves to it only then."""
    bus = Gio.bus_get_sync(Gio.BusType.SESSION)
    for name in ("IsEnabled", "ScreenReaderEnabled"):
        bus.call_sync(
            "org.a11y.Bus", "/org/a11y/bus", "org.freedesktop.DBus.Properties", "Set",
            GLib.Variant("(ssv)", (_STATUS, name, GLib.Variant("b", True))), None, Gio.DBusCallFlags.NONE, -1,
        )  # fmt: skip
    return True


def programs() -> list[str]:
    """The names of those that show themselves."""
    return [one.get_name() for one in _children(Atspi.get_desktop(0))]


def walk(program: str) -> list[dict[str, Any]]:
    """All that a program shows now, from the top, each with what it is inside of."""
    return [_about(node, inside) for node, inside in _shown(program)]


def act(program: str, role: str, name: str, action: str) -> bool:
    """Do the action that an element has; whether there was one."""
    for node in _named(program, role, name):
        for number in range(node.get_n_actions()):
            if Atspi.Action.get_action_name(node, number) == action:
                return bool(Atspi.Action.do_action(node, number))
    return False


def chosen(program: str, role: str, name: str) -> list[list[str]]:
    """The rows that are selected in a table, each with what its cells are called."""
    return [
        [Atspi.Table.get_accessible_at(table, row, column).get_name() for column in range(columns)]
        for table in _named(program, role, name)
        for columns in [Atspi.Table.get_n_columns(table)]
        for row in Atspi.Table.get_selected_rows(table)
    ]


def set_value(program: str, role: str, name: str, value: float) -> bool:
    """Give a slider another value; whether there was one."""
    return any(Atspi.Value.set_current_value(node, value) for node in _named(program, role, name))


def focus(program: str, role: str, name: str) -> bool:
    """Bring the keyboard to an element; whether there was one."""
    return any(Atspi.Component.grab_focus(node) for node in _named(program, role, name))


def activate() -> bool:
    """Give the keyboard to the window that is on top, as a window manager does; whether there is one."""
    server = ctypes.CDLL("libX11.so.6")
    server.XOpenDisplay.restype = ctypes.c_void_p
    display = ctypes.c_void_p(server.XOpenDisplay(None))
    root, parent, count = ctypes.c_ulong(), ctypes.c_ulong(), ctypes.c_uint()
    windows = ctypes.POINTER(ctypes.c_ulong)()
    server.XDefaultRootWindow.restype = ctypes.c_ulong
    top = ctypes.c_ulong(server.XDefaultRootWindow(display))
    server.XQueryTree(display, top, *map(ctypes.byref, (root, parent, windows, count)))
    found = [windows[number] for number in range(count.value) if _is_seen(server, display, windows[number])]
    if found:
        server.XSetInputFocus(display, ctypes.c_ulong(found[-1]), _REVERT_TO_POINTER, ctypes.c_ulong(0))
    server.XCloseDisplay(display)
    return bool(found)


def key(symbol: int) -> bool:
    """Press a key and let it go: by its symbol in X."""
    return bool(Atspi.generate_keyboard_event(symbol, None, Atspi.KeySynthType.SYM))


def _named(program: str, role: str, name: str) -> Iterator[Any]:
    for node, _ in _shown(program):
        if (node.get_role_name(), node.get_name()) == (role, name):
            yield node


def _shown(program: str) -> Iterator[tuple[Any, tuple[str, ...]]]:
    for one in _children(Atspi.get_desktop(0)):
        if one.get_name() == program:
            yield from _below(one, ())


def _below(node: Any, inside: tuple[str, ...]) -> Iterator[tuple[Any, tuple[str, ...]]]:
    for child in _children(node):
        states = child.get_state_set()
        if states.contains(Atspi.StateType.SHOWING):
            yield child, inside
            yield from _below(child, (*inside, child.get_name() or child.get_role_name()))


def _children(node: Any) -> Iterator[Any]:
    for number in range(min(node.get_child_count(), MOST_CHILDREN)):
        child = node.get_child_at_index(number)
        if child is not None:
            yield child


def _about(node: Any, inside: tuple[str, ...]) -> dict[str, Any]:
    states, kinds = node.get_state_set(), node.get_interfaces()
    has_actions, has_value = "Action" in kinds, "Value" in kinds
    actions = range(Atspi.Action.get_n_actions(node)) if has_actions else ()
    return {
        "role": node.get_role_name(),
        "name": node.get_name(),
        "inside": inside,
        "states": [one for one in _WANTED if states.contains(getattr(Atspi.StateType, one.upper()))],
        "actions": [Atspi.Action.get_action_name(node, number) for number in actions],
        "value": Atspi.Value.get_current_value(node) if has_value else None,
        "most": Atspi.Value.get_maximum_value(node) if has_value else None,
    }


def _is_seen(server: ctypes.CDLL, display: ctypes.c_void_p, window: int) -> bool:
    about = (ctypes.c_char * 512)()  # more than XWindowAttributes takes, whose `map_state` is read
    server.XGetWindowAttributes(display, ctypes.c_ulong(window), ctypes.byref(about))
    return int.from_bytes(bytes(about)[92:96], sys.byteorder) == _VIEWABLE


_DO = {each.__name__: each for each in (announce, programs, walk, act, chosen, set_value, focus, activate, key)}


def main() -> None:
    Atspi.init()
    for line in sys.stdin:
        word, *about = json.loads(line)
        try:
            said: Any = _DO[word](*about)
        except GLib.Error as error:  # what was looked at is gone, which the next look knows
            said = {"error": str(error)}
        sys.stdout.write(json.dumps(said) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
