"""`make mutation`: how many small changes of the code of small numbers a test minds.

    python -m tests.mutation                    500 changes, drawn by a seed
    python -m tests.mutation --mutants all      every one: hours
    python -m tests.mutation --minutes 30       no new hundred is begun after that

A run that was stopped goes on where it was, as long as neither code nor tests have changed.
Writes docs/mutation.md; ends with 1 where fewer than nine of ten are noticed.
"""

import argparse
import datetime
import sys
import time

from tests.mutation.outcome import Outcome, write_page
from tests.mutation.runs import PLACE, drawn, prepare, tried


def main() -> None:
    """Try what is asked for, and write the page."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation")
    parser.add_argument("--mutants", default="500", help="how many, or all")
    parser.add_argument("--seed", type=int, default=11, help="which are drawn")
    parser.add_argument("--minutes", type=float, default=360.0, help="when to begin no more")
    parser.add_argument("--children", type=int, default=1, help="how many at a time")
    parser.add_argument("--keep-page", action="store_true", help="leave the page as it is")
    asked = parser.parse_args()
    until = time.monotonic() + asked.minutes * 60
    prepare()
    names = drawn(asked.seed, None if asked.mutants == "all" else int(asked.mutants))
    outcome = Outcome(names, {}, asked.seed)
    for results in tried(names, asked.children):
        outcome = Outcome(names, results, asked.seed)
        print(outcome.line(), flush=True)
        if time.monotonic() > until:
            break
    print(outcome.table())
    survivors = PLACE / "survivors.txt"
    survivors.write_text(outcome.survivors(), encoding="utf-8")
    print(f"What was not noticed: {survivors.relative_to(PLACE.parents[1])}")
    if not asked.keep_page:
        write_page(outcome, datetime.datetime.now(datetime.UTC).date())
    sys.exit(not outcome.is_enough())


if __name__ == "__main__":
    main()
