"""A week of nights with faults, as a table in docs/reliability.md.

python -m tests.week             some week: a few minutes
python -m tests.week --seed 7    this one again
"""

import argparse
import random
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from week.nights import DAYS, SEED, draw, drawn_seed, first_night, log_lines, nights
from week.office import WeekOffice

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reliability.md"
BEGIN, END = "<!-- week -->\n", "<!-- end of week -->\n"
_SAYS = (
    "{days} nights of a small real office, each a day later than the one before, with faults drawn "
    "by the seed {seed}; `--seed`, or `LPE_WEEK_SEED` for the tests, draws the same again. {end}"
)
_WELL = (
    "After each night every file of every version was held against its digest and every link "
    "followed, and no process or lock was left; what a killed night left in temporary folders was "
    "gone after the next night without a fault."
)


def main() -> int:
    """Live a week, and write what happened into the page."""
    parser = argparse.ArgumentParser(prog="python -m tests.week")
    parser.add_argument("--seed", type=int, help=f"which week; as {SEED} says, or any")
    asked = parser.parse_args()
    seed = drawn_seed() if asked.seed is None else asked.seed
    print(f"seed {seed}", flush=True)
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="lpe-week-") as folder:
        office = WeekOffice.make(Path(folder) / "office")
        told = [first_night(office)]
        for night in nights(office, chance, draw(chance, 1)):
            told.append(night)
            print(night.line, *night.wrong, sep="\n", flush=True)
    wrong = [words for night in told for words in night.wrong]
    end = "Not all was as promised: " + "; ".join(wrong) if wrong else _WELL
    said = _SAYS.format(days=DAYS, seed=seed, end=" ".join(end.split()))
    write_page("\n".join([said, "", *log_lines(told)]))
    return 1 if wrong else 0


def write_page(text: str) -> None:
    """Put a text between the marks of the page.

    Raises:
        SystemExit: The page has lost its marks.
    """
    page = PAGE.read_text(encoding="utf-8")
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise SystemExit(f"{PAGE.name} has lost its marks {BEGIN.strip()} and {END.strip()}")
    PAGE.write_text(f"{before}{begin}\n{text}\n\n{end}{after}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
