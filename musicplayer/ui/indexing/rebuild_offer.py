"""Offers to build the model again once the library has outgrown it, and not again until it did so by as much more."""

from __future__ import annotations

from math import floor

from PySide6.QtCore import QObject

from indexer.core.language import mark, tr
from musicplayer.ui.frame.message_bar import MessageBar
from musicplayer.ui.frame.services import Services

REBUILD = mark("Rebuild")
_ROUNDING = 1e-9
_ADVICE = mark("Rebuilding the index compares all tracks anew, for better answers. Music goes on playing.")


class RebuildOffer(QObject):
    """Watches the model and the jobs; says nothing while one of them is at work."""

    def __init__(self, services: Services, messages: MessageBar, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._similar = services.similar
        self._jobs = services.jobs
        self._preferences = services.preferences
        self._messages = messages
        messages.offer_declined.connect(self._on_declined)

    def review(self) -> None:
        """Make the offer, or take it back."""
        steps = self._steps()
        if steps and not self._jobs.is_running and steps > self._declined_steps():
            changed = tr(
                "Your library has changed by {share}% since its index was built.",
                share=round(self._similar.growth * 100),
            )
            self._messages.offer(changed, tr(_ADVICE), tr(REBUILD), self._jobs.rebuild)
        else:
            self._messages.withdraw_offer()

    def _steps(self) -> int:
        """How often the library has grown by the share at which a model is built again."""
        if not self._similar.is_outgrown:
            return 0
        from indexer.core.model.manifest import REBUILD_SHARE  # noqa: PLC0415 - loaded with the model by then

        return floor(self._similar.growth / REBUILD_SHARE + _ROUNDING)

    def _declined_steps(self) -> int:
        model, _, steps = self._preferences.settings.rebuild_declined.rpartition("/")
        return int(steps) if model == self._model() and steps.isdecimal() else 0

    def _model(self) -> str:
        manifest = self._similar.manifest
        return "" if manifest is None else manifest.id

    def _on_declined(self) -> None:
        self._preferences.settings.rebuild_declined = f"{self._model()}/{self._steps()}"
        self._preferences.save_soon()
