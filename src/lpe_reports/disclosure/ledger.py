"""What one page has shown so far, and what its next table must hide."""

from collections.abc import Collection
from typing import Any

from lpe_reports.disclosure.exposure import Exposure, Mean, Relation
from lpe_reports.disclosure.groups import SUM, Group, is_sum, without
from lpe_reports.disclosure.nesting import Nesting
from lpe_reports.disclosure.secondary import Puzzle
from lpe_reports.disclosure.sheet import Sheet, own_group
from lpe_reports.disclosure.ties import Ties
from lpe_reports.errors import DisclosureError
from lpe_reports.params.disclosure import DisclosurePolicy


class Ledger:
    """The groups of one page and their numbers; real values stay in memory.

    Tables join one after another. What was shown before is fixed, so each table hides what of
    its own would tell something.

    Args:
        policy: The region's decision.
        decided: Keys that stay hidden: decided across pages, or hidden for a closed period in a
            version still kept.
        across: Keys that were decided across pages; those that the page has are recorded.
        nesting: What is made up of what.
        place: The page (report/unit/period), which names the groups of tables that say nothing
            of theirs.
    """

    def __init__(
        self,
        policy: DisclosurePolicy,
        *,
        decided: Collection[str] = (),
        across: Collection[str] = (),
        nesting: Nesting | None = None,
        place: Group | str = "",
    ) -> None:
        self.policy = policy
        self.nesting = nesting or Nesting()
        self._decided = frozenset(decided) | frozenset(across)
        self._across = frozenset(across)
        self._place = place.key if isinstance(place, Group) else place
        self._cells: dict[str, float | None] = {}
        self._means: dict[str, Mean] = {}
        self._withheld: set[str] = set()
        self._ties = Ties(self.nesting)
        self._tables: dict[str, int] = {}
        self._in_force: set[str] = set()
        self._joined = 0
        self._lost = [0, 0]

    def own_group(self, table: str) -> Group:
        """The population of the next table of an id that does not say whom it is about."""
        times = self._tables.get(table, 0)
        self._tables[table] = times + 1
        return own_group(self._place, table, times)

    def trial(self) -> "Ledger":
        """One that a table can join while this stays as it is."""
        other = Ledger.__new__(Ledger)
        other.__dict__ |= self.__dict__
        other._cells, other._means = dict(self._cells), dict(self._means)
        other._withheld, other._in_force = set(self._withheld), set(self._in_force)
        other._ties, other._tables = self._ties.copy(), dict(self._tables)
        other._lost = list(self._lost)
        return other

    def adopt(self, trial: "Ledger") -> None:
        """Become what a trial of this became."""
        self.__dict__ |= trial.__dict__

    def settle(self, sheet: Sheet, primary: set[str]) -> set[str]:
        """Let a table join: what of it is hidden, whatever the reason.

        Args:
            sheet: Its groups.
            primary: The keys that are hidden whatever else is shown.

        Returns:
            The keys of its hidden groups.

        Raises:
            DisclosureError: Two numbers are said to be of one group and differ.
        """
        withheld: set[str] = set()
        while True:
            before = self._ties.copy()
            cells, means = self._join(sheet, primary)
            hidden = {key for key in cells if self._is_hidden(key, primary)}
            cells |= dict.fromkeys(hidden)
            puzzle = self._puzzle(cells, {k: m for k, m in means.items() if k not in hidden})
            if puzzle.solve():
                break
            # A row that cannot be made safe is withheld, zeros too. It then says nothing that
            # the page has not said before, and what adds up in it is forgotten.
            self._ties = before
            rows = sheet.rows_with(puzzle.stuck - self._cells.keys()) or sheet.rows_with(cells)
            withheld |= sheet.keys_in(rows)
            sheet = sheet.without(rows)
        hidden |= {n for key in puzzle.chosen for n in (key, *puzzle.with_it.get(key, ()))}
        fresh = withheld - self._cells.keys() - cells.keys()
        self._withheld |= fresh
        self._cells |= dict.fromkeys(fresh)
        hidden |= {key for key in withheld if self._cells.get(key) is None and key not in cells}
        self._cells |= {key: None if key in hidden else cells[key] for key in cells}
        self._means |= {k: mean for k, mean in means.items() if k not in hidden}
        self._in_force |= {k for k in hidden & self._decided if k not in primary}
        return hidden

    def count_lost(self, hidden: int, cells: int) -> None:
        """Note how many cells of a table are hidden, of how many."""
        self._lost = [self._lost[0] + hidden, self._lost[1] + cells]

    def exposure(self) -> Exposure:
        """What an outsider sees of the page."""
        relations = tuple(self._ties.relations())
        return Exposure(dict(self._cells), relations, dict(self._means), frozenset(self._withheld))

    def record(self) -> dict[str, Any]:
        """What the page shows, as JSON: no hidden number is in it.

        Returns:
            What `Exposure.from_record` reads; `decided`, the keys that were decided before and
            hide a cell, with those of `across` that the page has; `lost`, how many cells of
            protected tables are hidden, and how many there are.
        """
        decided = self._in_force | (self._across & self._cells.keys())
        return {
            **self.exposure().as_record(),
            "decided": sorted(decided),
            "lost": list(self._lost),
        }

    def _join(
        self, sheet: Sheet, primary: set[str]
    ) -> tuple[dict[str, float | None], dict[str, Mean]]:
        """Note the numbers of a table; gives those that it shows if nothing is hidden."""
        shown: dict[str, float] = {}
        for key, number in sheet.cells():
            known = shown.get(key, self._ties.real.get(key))
            if known is not None and known != number:
                raise DisclosureError(
                    f"table '{sheet.table}': the group {key} has two different numbers on this "
                    "page; give its Column or its rows the trait that tells them apart, or the "
                    "table another about="
                )
            shown[key] = number
        basis = dict(sheet.basis_cells())
        means: dict[str, Mean] = {}
        sums: list[tuple[str, str, float]] = []
        numbers: dict[str, float | None] = {}
        for key, count, number, is_mean in sheet.statistics():
            numbers[key] = number
            if is_mean:
                means[key] = Mean(count, number)
            people = shown.get(count, basis.get(count))
            if people is not None:
                sums.append((key, count, number * people if is_mean else number))
        hidden_basis = {
            k: n for k, n in basis.items() if k not in shown and self._is_hidden(k, primary)
        }
        counted = {**hidden_basis, **shown}
        self._joined += 1
        self._ties.add(counted.items(), sums, sheet.relations(), self._joined)
        return {**counted, **numbers}, means

    def _is_hidden(self, key: str, primary: set[str]) -> bool:
        """Whether a group is hidden before anything is asked of the attack."""
        if self._cells.get(key) is not None:
            return False  # it was shown, so to hide it here would hide nothing
        if key in primary or key in self._cells or key in self._decided:
            return True
        return is_sum(key) and self._is_hidden(without(key, (SUM,)), primary)

    def _puzzle(self, cells: dict[str, float | None], means: dict[str, Mean]) -> Puzzle:
        """What the table could tell, with what was shown before and hangs together with it."""
        exposure = self._with(cells, means, frozenset(self._withheld))
        with_it: dict[str, list[str]] = {}
        candidates: dict[str, float] = {}
        for key in cells:
            if is_sum(key):
                with_it.setdefault(without(key, (SUM,)), []).append(key)
        for key, value in cells.items():
            if value is not None and self._cells.get(key) is None:
                people = cells.get(without(key, (SUM,)))
                if people is None or people > 0:
                    candidates[key] = people or 0.0
        return Puzzle(exposure, candidates, self.policy.threshold, with_it, self._ties.real)

    def _with(
        self, cells: dict[str, float | None], means: dict[str, Mean], withheld: frozenset[str]
    ) -> Exposure:
        """What is shown of groups that hang together with some, and how they add up."""
        known = {**self._cells, **{k: v for k, v in cells.items() if self._cells.get(k) is None}}
        all_means = {**means, **self._means}
        near: dict[str, None] = {}
        relations: dict[Relation, None] = {}
        waiting = sorted(cells)
        while waiting:
            key = waiting.pop()
            if key in near:
                continue
            near[key] = None
            if key in all_means:
                waiting.append(all_means[key].over)
            for relation in self._ties.around(key):
                if relation not in relations:
                    relations[relation] = None
                    for other in (relation.total, *relation.parts):
                        near_anyway = known.get(other) is not None and not is_sum(other)
                        if other not in near and (other in cells or not near_anyway):
                            waiting.append(other)
        named = {key for r in relations for key in (r.total, *r.parts)} | near.keys()
        named |= {all_means[key].over for key in named if key in all_means}
        return Exposure(
            {key: known[key] for key in sorted(named) if key in known},
            tuple(relations),
            {key: all_means[key] for key in sorted(named) if key in all_means},
            withheld & named,
        )
