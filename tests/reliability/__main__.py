"""What is promised, how much it was tried, what happened: docs/reliability.md.

python -m tests.reliability                     renew the page (`make docs`)
python -m tests.reliability torture             run all that takes long (`make torture`)
python -m tests.reliability torture versions clock --hours 1
"""

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from reliability.record import TRIALS, Record, collect_trials, read_record, read_trials
from reliability.table import write_page
from reliability.torture import parts_of, run_part, went_well


def main() -> int:
    """Run what is asked for, and write what it came to."""
    parser = argparse.ArgumentParser(prog="python -m tests.reliability")
    parser.add_argument("what", nargs="?", choices=["page", "torture"], default="page")
    parser.add_argument("parts", nargs="*", help="areas or commands; all of them unless named")
    parser.add_argument("--hours", type=float, default=12.0, help="stop what runs after so long")
    asked = parser.parse_args()
    record = read_record()
    well = asked.what == "page" or _torture(record, asked.parts, asked.hours * 3600)
    _write(record)
    return 0 if well else 1


def _torture(record: Record, names: list[str], seconds: float) -> bool:
    """Run the parts one after the other, and keep what they came to in the record."""
    until, parts = time.monotonic() + seconds, parts_of(names)
    well = True
    for name, command in parts.items():
        left = until - time.monotonic()
        if left <= 0:
            print(f"== {name}: not begun, the time being over", flush=True)
            well = False
            continue
        record.torture[name] = part = run_part(name, command, left)
        well = went_well(part) and well
    return well


def _write(record: Record) -> None:
    collected = collect_trials()
    # What `make test` has tried since, where it has run.
    for path in sorted(TRIALS.glob("test*.jsonl")):
        record.keep_test(read_trials(path), collected)
    record.write()
    if write_page(collected, record):
        print("docs/reliability.md was renewed")


if __name__ == "__main__":
    sys.exit(main())
