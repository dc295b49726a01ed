"""A program whose clock can be set while it runs: `python -m tests.faults.with_clock FILE MODULE ARGUMENT…`.

The file holds the seconds by which its clock is wrong. Clocks that only ever go on are left alone, as they are by the
system when a person or a time server sets the clock.
"""

from __future__ import annotations

import runpy
import sys
import time
from pathlib import Path

_now, _now_ns = time.time, time.time_ns


def main() -> None:
    offset = Path(sys.argv[1])

    def wrong_by() -> float:
        try:
            return float(offset.read_text(encoding="ascii") or 0)
        except (OSError, ValueError):
            return 0.0

    time.time = lambda: _now() + wrong_by()
    time.time_ns = lambda: _now_ns() + round(wrong_by() * 1e9)
    del sys.argv[:2]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
