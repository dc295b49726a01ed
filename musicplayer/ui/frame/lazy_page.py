"""A page that is made when somebody goes there, so that the window opens without it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, Protocol, TypeVar, cast, runtime_checkable

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget


@runtime_checkable
class Searchable(Protocol):
    """A page that can be searched."""

    def focus_search(self) -> None: ...


Page = TypeVar("Page", bound=QWidget)


class LazyPage(QWidget, Generic[Page]):
    """Stands in the centre for a page that it makes at its first showing."""

    def __init__(self, make: Callable[[], Page], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._make = make
        self._content: Page | None = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)

    @property
    def content(self) -> Page:
        """The page itself, made where it was not yet."""
        if self._content is None:
            self._content = self._make()
            layout = self.layout()
            if layout is not None:
                layout.addWidget(self._content)
        return self._content

    @property
    def is_made(self) -> bool:
        return self._content is not None

    def focus_search(self) -> None:
        cast("Searchable", self.content).focus_search()

    def showEvent(self, event: QShowEvent) -> None:
        self.content.show()
        super().showEvent(event)
