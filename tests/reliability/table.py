"""docs/reliability.md: what is promised, with how much it was tried, and what happened."""

import collections
from collections.abc import Iterable
from pathlib import Path

from reliability.record import ROOT, Counts, Part, Record, Result, Trial, by_promise, replace
from reliability.trials import AREAS

PAGE = ROOT / "docs" / "reliability.md"
BEGIN, END = "<!-- promises -->\n", "<!-- end of promises -->\n"
# What `make torture` runs beside the tests.
COMMANDS = {
    "mutation": "Mutation: the code of small numbers, changed a little at a time",
    "load": "Load: ten times the data, two thousand pages",
    "week": "A week of nights, five of them with a fault",
}

# What is said of a promise that no torture has tried: whether `make test` is known to have.
_UNTORTURED = {True: "held in `make test`", False: "not run yet"}


def written(text: str, collected: list[Trial], record: Record) -> str:
    """The page with its generated part as it should be now."""
    before, begun, rest = text.partition(BEGIN)
    _, ended, after = rest.partition(END)
    if not begun or not ended:
        raise SystemExit(f"docs/reliability.md has lost its marks {BEGIN.strip()} {END.strip()}")
    return before + BEGIN + _generated(collected, record) + END + after


def write_page(collected: list[Trial], record: Record, page: Path = PAGE) -> bool:
    """Renew the page; whether anything was to be changed."""
    old = page.read_text(encoding="utf-8")
    new = written(old, collected, record)
    if new != old:
        replace(page, new)
    return new != old


def _generated(collected: list[Trial], record: Record) -> str:
    areas = {area: by_promise(trial for trial in collected if trial.area == area) for area in AREAS}
    lines = ["", *_summary(areas, record), ""]
    for area, promises in areas.items():
        if promises:
            part = record.torture.get(area)
            lines += [f"## {AREAS[area]}", "", *_table(promises, record, part), ""]
    return "\n".join([*lines, ""])


def _summary(areas: dict[str, dict[str, dict[str, Result]]], record: Record) -> list[str]:
    lines = [
        "| area | promises | `make test` | `make torture` | what happened | last run |",
        "|---|---|---|---|---|---|",
    ]
    for area, promises in areas.items():
        part = record.torture.get(area)
        tests = sum(_cases(files) for files in promises.values())
        tortured = sum(result.cases for result in _results(part)) if part else 0
        cells = [AREAS[area], str(len(promises)), _number(tests), _number(tortured), *_ended(part)]
        lines.append(_row(cells))
    for name, what in COMMANDS.items():
        lines.append(_row([what, "", "", "", *_ended(record.torture.get(name))]))
    return lines


def _ended(part: Part | None) -> tuple[str, str]:
    """How a part of the torture ended, and when it was."""
    if part is None:
        return "not run yet", ""
    found = _results(part)
    broke, left_out = sum(len(r.broke) for r in found), sum(r.left_out for r in found)
    words = [f"**{broke} broke**" if broke else "all held" if found else "ended well"]
    words += [f"{left_out} left out: a program was not there"] if left_out else []
    if part.wrong:
        words = [*(words if found else []), f"**{part.wrong}**"]
    return ", ".join(words), f"{part.date}, {part.commit}, {_duration(part.seconds)}"


def _table(promises: dict[str, dict[str, Result]], record: Record, part: Part | None) -> list[str]:
    lines = [
        "| promise | `make test` | `make torture` | what happened | where |",
        "|---|---|---|---|---|",
    ]
    for promise, files in promises.items():
        known = record.tried.get(promise, {})
        short = _sum(known[file] for file in files if file in known)
        long = part.promises.get(promise) if part else None
        where = ", ".join(f"[{file.removeprefix('tests/')}](../{file})" for file in files)
        happened = _happened(long) if long else _UNTORTURED[files.keys() <= known.keys()]
        tortured = _tried(sum(r.cases for r in long.values()), _sum_of(long)) if long else "–"
        cells = [promise, _tried(_cases(files), short), tortured, happened, where]
        lines.append(_row(cells))
    return lines


def _happened(files: dict[str, Result]) -> str:
    broke = [test for result in files.values() for test in result.broke]
    left_out = sum(result.left_out for result in files.values())
    if broke:
        more = f" and {len(broke) - 1} more" if len(broke) > 1 else ""
        return f"**broke**: `{broke[0].rpartition('::')[2]}`{more}"
    held = any(result.held for result in files.values())
    return ("held" if held else "not tried") + (f", {left_out} left out" if left_out else "")


def _tried(cases: int, counts: Counts) -> str:
    """`3 tests: 1,000 publishes, 24 hours`."""
    tests = f"{_number(cases)} test{'' if cases == 1 else 's'}"
    more = ", ".join(f"{_number(count)} {what}" for what, count in counts.items())
    return f"{tests}: {more}" if more else tests


def _cases(files: dict[str, Result]) -> int:
    return sum(result.listed for result in files.values())


def _results(part: Part) -> list[Result]:
    return [result for files in part.promises.values() for result in files.values()]


def _sum_of(files: dict[str, Result]) -> Counts:
    return _sum(result.tried for result in files.values())


def _sum(counts: Iterable[Counts]) -> Counts:
    total: Counts = collections.Counter()
    for each in counts:
        total.update(each)
    return dict(sorted(total.items()))


def _number(number: int) -> str:
    return f"{number:,}"


def _duration(seconds: int) -> str:
    minutes = round(seconds / 60)
    if minutes < 1:
        return f"{seconds} s"
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
