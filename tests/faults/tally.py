"""The tally of a run: a table for people and the same as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

from tests.faults.fault import Verdict


def print_tally(verdicts: Sequence[Verdict], *, seed: int, seconds: float, machine: str) -> None:
    """Print a row for each kind of fault, the totals, and every failure in full."""
    console = Console(width=150)
    table = Table(title=f"Faults, seed {seed}")
    for heading in ("fault", "injected", "watched", "losses", "duplicates", "usable again, s", "what was said"):
        table.add_column(heading, justify="left" if heading in {"fault", "what was said"} else "right")
    for verdict in verdicts:
        table.add_row(
            verdict.name, str(verdict.injected), str(verdict.entries), str(len(verdict.losses)),
            str(len(verdict.duplicates)), _times(verdict.seconds), verdict.skipped or _said(verdict),
        )  # fmt: skip
    console.print(table)
    injected, losses, duplicates, failures = totals(verdicts)
    console.print(
        f"{injected} faults injected, {losses} losses, {duplicates} duplicates, {failures} other failures, "
        f"in {seconds:.0f} s; {machine}"
    )
    console.print("watched: acknowledged tracks, files, features, measurements, plays, playlists and hidden tracks")
    for verdict in verdicts:
        for words in (*verdict.losses[:20], *verdict.duplicates[:20], *verdict.failures):
            console.print(f"{verdict.name}: {words}", style="red", markup=False)


def write_tally(file: Path, verdicts: Sequence[Verdict], *, seed: int) -> None:
    """Write everything that is known of a run."""
    file.write_text(json.dumps({"seed": seed, "faults": [asdict(verdict) for verdict in verdicts]}, indent=2) + "\n")


def totals(verdicts: Sequence[Verdict]) -> tuple[int, int, int, int]:
    """Faults injected, losses, duplicates, and blows that ended otherwise than promised."""
    return (
        sum(verdict.injected for verdict in verdicts),
        sum(len(verdict.losses) for verdict in verdicts),
        sum(len(verdict.duplicates) for verdict in verdicts),
        sum(len(verdict.failures) for verdict in verdicts),
    )


def _times(seconds: Sequence[float]) -> str:
    return f"{median(seconds):.1f} / {max(seconds):.1f}" if seconds else "–"


def _said(verdict: Verdict) -> str:
    words = f"{verdict.sentence} [{verdict.where}]" if verdict.sentence else ""
    if verdict.unsaid:
        words += f" ({len(verdict.unsaid)} times nothing, since {'; '.join(sorted(set(verdict.unsaid)))})"
    return words.replace("[", "\\[").strip()
