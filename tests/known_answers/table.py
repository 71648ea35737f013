"""`make docs`: the known answers, ours beside theirs, into docs/known-answers.md.

    python tests/known_answers/table.py

The data sets stand in ../shared, beside the project; without them the page is kept as it is.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "known-answers.md"
sys.path[:0] = [str(ROOT / "tests" / "known_answers"), str(ROOT / "tests")]

_INTRODUCTION = """\
# Known answers

What the measures make of public data, beside what other people's implementations make of the same
data, and of the office's own printed tables. This page is made by `make docs`, which computes our
column anew; a test holds that the two columns are alike and that the page is what is computed.
Numbers stand with six decimals, or with as many as the source has. Where a figure is a whole curve,
it stands as how many of its numbers are alike to a millionth, of how many there are.
"""


def page() -> str:
    """The whole page, computed from the data sets."""
    from answers import Section
    from answers_of_charts import charts, funnel
    from answers_of_office import office, personal_numbers
    from answers_of_waits import waits

    sections: list[Section] = [*charts(), *waits(), funnel(), *office(), personal_numbers()]
    lines = [_INTRODUCTION]
    for section in sections:
        lines += [f"## {section.title}\n", f"{section.about}\n"]
        lines += ["| figure | ours | theirs | source |", "|---|---|---|---|"]
        lines += [f"| {f.name} | {f.ours} | {f.theirs} | {f.source} |" for f in section.figures]
        lines.append("")
    return "\n".join(lines)


def rows(text: str) -> list[tuple[str, str, str, str]]:
    """The figures of a page: name, ours, theirs and source."""
    cells = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| ")]
    return [(a, b, c, d) for a, b, c, d in cells if a != "figure"]


def can_compute(shared: Path) -> bool:
    """Whether the data sets are there."""
    return all((shared / folder).is_dir() for folder in ("oracles", "figures"))


def write(to: Path, shared: Path) -> None:
    """Write the page where the data sets are there, and else say that it is kept."""
    if not can_compute(shared):
        print(f"docs/{to.name} is kept as it is: ../shared is not beside the project")
        return
    to.write_text(page(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    from oracles import SHARED

    write(PAGE, SHARED)
