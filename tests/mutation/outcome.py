"""What became of the changes: a table, the ones that nobody minded, and the page."""

import collections
import datetime
import math
import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from tests.mutation.runs import ROOT, change_of, function_of, module_of

PAGE = ROOT / "docs" / "mutation.md"
LISTED = Path(__file__).with_name("survivors.toml")
_WANTED = 0.9
_NOTICED = ("killed", "timeout", "segfault")
_BEGIN, _END = "<!-- result -->\n", "<!-- end of result -->\n"
_HEADS = (
    "module",
    "mutants",
    "tried",
    "killed",
    "timed out",
    "survived",
    "of them listed",
    "share",
)


class Outcome:
    """What became of some mutants.

    Args:
        names: Those that were drawn.
        results: What became of each one there is, by name.
        seed: What they were drawn by.
    """

    def __init__(self, names: Sequence[str], results: Mapping[str, str], seed: int) -> None:
        self._results, self._seed = results, seed
        self._tried = {
            n: results[n] for n in names if results.get(n, "not checked") != "not checked"
        }

    def line(self) -> str:
        """How far it has come."""
        return f"{len(self._tried)} tried, {self._share(self._tried.values())} noticed"

    def is_enough(self) -> bool:
        """Whether as many are noticed as are wanted."""
        return _noticed(self._tried.values()) >= _WANTED * len(self._tried)

    def table(self) -> str:
        """A line for each module, and one for all."""
        there: dict[str, int] = collections.Counter(map(module_of, self._results))
        rows = [
            self._row(f"`{module}`", count, [n for n in self._tried if module_of(n) == module])
            for module, count in sorted(there.items())
        ]
        total = self._row("**all**", len(self._results), list(self._tried))
        lines = [_HEADS, ["---"] * len(_HEADS), *rows, total]
        return "".join(f"| {' | '.join(line)} |\n" for line in lines)

    def told(self) -> str:
        """The share of all, with how sure it is."""
        share = self._share(self._tried.values())
        if len(self._tried) == len(self._results):
            return f"All {len(self._tried):,} mutants were tried; {share} were noticed."
        low, high = interval(_noticed(self._tried.values()), len(self._tried))
        return (
            f"Of {len(self._results):,} mutants {len(self._tried):,} were tried, drawn by the seed "
            f"{self._seed}; {share} were noticed. Of all of them it is between {low:.1%} and "
            f"{high:.1%} (95 %, Wilson)."
        )

    def survivors(self) -> str:
        """Each change that nobody minded: where, what stood there, what was put there."""
        texts = []
        for name in self._survived:
            was, now = self._changes[name]
            listed = "listed" if _key(name, was, now) in self._listed else "new"
            texts.append(f"{name} ({self._tried[name]}, {listed})\n- {was}\n+ {now}\n")
        return "\n".join(texts)

    def _row(self, name: str, there: int, tried: Sequence[str]) -> list[str]:
        outcomes = [self._tried[n] for n in tried]
        late = outcomes.count("timeout")
        survived = [n for n in tried if n in self._survived]
        listed = sum(_key(n, *self._changes[n]) in self._listed for n in survived)
        numbers = (there, len(tried), _noticed(outcomes) - late, late, len(survived), listed)
        return [name, *(f"{number:,}" for number in numbers), self._share(outcomes)]

    @staticmethod
    def _share(outcomes: Collection[str]) -> str:
        return f"{_noticed(outcomes) / len(outcomes):.1%}" if outcomes else "–"

    @cached_property
    def _survived(self) -> frozenset[str]:
        return frozenset(n for n, outcome in self._tried.items() if outcome not in _NOTICED)

    @cached_property
    def _changes(self) -> Mapping[str, tuple[str, str]]:
        return {name: change_of(name) for name in sorted(self._survived)}

    @cached_property
    def _listed(self) -> frozenset[tuple[str, str, str, str]]:
        entries = tomllib.loads(LISTED.read_text(encoding="utf-8")).get("survivor", ())
        return frozenset((e["module"], e["function"], e["was"], e["now"]) for e in entries)


def interval(hits: int, tried: int) -> tuple[float, float]:
    """Wilson's interval of a share, 95 %."""
    if not tried:
        return 0.0, 1.0
    z, share = 1.959964, hits / tried
    middle = share + z * z / (2 * tried)
    wide = z * math.sqrt(share * (1 - share) / tried + z * z / (4 * tried * tried))
    whole = 1 + z * z / tried
    return (middle - wide) / whole, (middle + wide) / whole


def write_page(outcome: Outcome, day: datetime.date, page: Path = PAGE) -> None:
    """Put the result between the page's marks."""
    before, begun, rest = page.read_text(encoding="utf-8").partition(_BEGIN)
    _, ended, after = rest.partition(_END)
    if not begun or not ended:
        raise SystemExit(f"{page.name} has lost its marks {_BEGIN.strip()} {_END.strip()}")
    text = f"\n{day.isoformat()}. {outcome.told()}\n\n{outcome.table()}\n"
    page.write_text(f"{before}{_BEGIN}{text}{_END}{after}", encoding="utf-8")


def _noticed(outcomes: Iterable[str]) -> int:
    return sum(outcome in _NOTICED for outcome in outcomes)


def _key(name: str, was: str, now: str) -> tuple[str, str, str, str]:
    return module_of(name), function_of(name), was, now
