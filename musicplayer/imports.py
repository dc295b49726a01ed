"""Spares what PySide6 does for every module that is imported after it; to be imported before all others.

PySide6 can be switched, module by module, to names with underscores. To learn whether a module may want that, it reads
the module's source, which stays in memory: for the window that takes a fifth of the time of all imports, and 15 MB.
Nothing here is switched, so the answer is known. Where another version of PySide6 asks in another way, it is let be.
"""

from __future__ import annotations

import sys

import PySide6.QtCore  # noqa: F401 - brings the module that asks

_ASKING, _QUESTION = "shibokensupport.feature", "_mod_uses_pyside"

if hasattr(sys.modules.get(_ASKING), _QUESTION):
    setattr(sys.modules[_ASKING], _QUESTION, lambda _module: False)
