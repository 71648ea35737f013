"""Which engine runs a notebook, and why; chosen by itself, and said in the build's summary."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from lpe_reports.build.forking.platform import can_fork

Engine = Literal["fork", "kernel"]
# The names that papermill knows them by.
NAMES: dict[Engine, str] = {"fork": "lpe-fork", "kernel": "lpe-kernel"}

_FRONT_MATTER = re.compile(r"\A---\n(.*?)^---\s*$", re.DOTALL | re.MULTILINE)
_ENGINE_LINE = re.compile(r"^engine:\s*[\"']?(fork|kernel)[\"']?\s*(?:#.*)?$", re.MULTILINE)


@dataclass(frozen=True)
class Choice:
    """An engine, and why where it is not the usual one."""

    engine: Engine
    why: str = ""

    @property
    def name(self) -> str:
        """As papermill knows it."""
        return NAMES[self.engine]


def choose_engine(
    document: Mapping[str, Any], asked_by_report: Engine | None, *, forks: bool | None = None
) -> Choice:
    """The engine of a notebook: a forked process, unless an ordinary kernel is asked for.

    The report's file goes before the notebook's own metadata (`"lpe": {"engine": "kernel"}`), and
    that before its front matter (`engine: kernel`).

    Args:
        document: The notebook.
        asked_by_report: What the report's file in params says.
        forks: Whether this machine can fork; found out when None.
    """
    asked, by = _asked(document, asked_by_report)
    if not (can_fork() if forks is None else forks):
        return Choice("kernel", "this system cannot fork safely")
    if asked == "kernel":
        return Choice("kernel", f"asked for by {by}")
    return Choice("fork")


def engines_in_words(choices: Iterable[Choice]) -> str:
    """How many notebooks were run how; empty when none was.

    Args:
        choices: One for each notebook that was run.
    """
    counts = Counter(choices)
    parts = []
    for choice, count in sorted(counts.items(), key=lambda item: (item[0].engine, item[0].why)):
        how = "in forked processes" if choice.engine == "fork" else "by an ordinary kernel each"
        parts.append(f"{count} {how}" + (f" ({choice.why})" if choice.why else ""))
    return "notebooks: " + ", ".join(parts) if parts else ""


def _asked(document: Mapping[str, Any], by_report: Engine | None) -> tuple[Engine | None, str]:
    if by_report is not None:
        return by_report, "the report's file"
    lpe = document.get("metadata", {}).get("lpe", {})
    said = lpe.get("engine") if isinstance(lpe, Mapping) else None
    if said == "kernel" or said == "fork":
        return said, "the notebook's metadata"
    for cell in document.get("cells", []):
        if cell["cell_type"] != "raw":
            continue
        source = cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])
        front_matter = _FRONT_MATTER.match(source)
        line = _ENGINE_LINE.search(front_matter.group(1)) if front_matter else None
        if line is None:
            break
        return "kernel" if line.group(1) == "kernel" else "fork", "the notebook's front matter"
    return None, ""
