"""What a page asks with: tables, series, named answers, and what params say of its unit."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar, cast
from weakref import WeakKeyDictionary

import pandas as pd

from lpe_reports.disclosure.columns import Column
from lpe_reports.disclosure.drafts import Draft, protect_coarsest
from lpe_reports.disclosure.groups import Group
from lpe_reports.disclosure.ledger import Ledger
from lpe_reports.disclosure.protect import protect
from lpe_reports.disclosure.protected import Protected
from lpe_reports.display.about import nesting_of
from lpe_reports.display.answer import find_answer, find_sentence
from lpe_reports.display.opening import Opening
from lpe_reports.display.params_record import ParamsRecord
from lpe_reports.display.params_seen import recorded
from lpe_reports.display.reading import NightReader, check_units
from lpe_reports.display.series.asking import Selection
from lpe_reports.display.series.checking import check_length, check_wish
from lpe_reports.display.series.making import make_series
from lpe_reports.display.series.model import Series
from lpe_reports.display.series.registry import get_measure
from lpe_reports.display.series.surroundings import Wish
from lpe_reports.display.shown import Nothing
from lpe_reports.display.tables import require_protected
from lpe_reports.display.withheld import share_hidden
from lpe_reports.errors import UsageError
from lpe_reports.params.loading import Params
from lpe_reports.params.units import UnitKind
from lpe_reports.periods import PeriodKind, parse_period

T = TypeVar("T")

_HALF = 0.5

OWN = "own"  # the page's own unit or verksamhetsområde
_DEFAULT_COUNT = {
    PeriodKind.WEEK: 26,
    PeriodKind.MONTH: 24,
    PeriodKind.QUARTER: 8,
    PeriodKind.TERTIAL: 6,
    PeriodKind.YEAR: 5,
    PeriodKind.ROLLING12: 13,
    PeriodKind.SCHEDULE: 6,
}


class AskingPage:
    """A page that knows what it is about and reads the night's extract.

    Attributes:
        report: The report's id.
        unit: The id of what the page is about: a unit or a procedure.
        subject: Its names.
        period: Its period.
        until: The day before which the night knows of its period: its end, or the night itself.
        ongoing: Whether the period is not over on that night.
        parameters: What the notebook was given beside unit and period.
        params: The office's decisions; what is taken from them is noted.
    """

    def __init__(self, opening: Opening) -> None:
        self._opening = opening
        self._record = ParamsRecord(opening.params)
        self._reader = NightReader(opening.extract)
        self._ledger: Ledger | None = None
        self._coarser: WeakKeyDictionary[Protected, str] = WeakKeyDictionary()
        self._skipped: str | None = None  # the section that is not for this page
        self.params: Params = recorded(opening.params, self._record)
        self.report, self.subject = opening.report.id, opening.subject
        self.unit, self.period = opening.subject.id, opening.period
        self.parameters: Mapping[str, Any] = opening.parameters
        self.until: date = min(opening.period.end, opening.extract.night)
        self.ongoing: bool = opening.ongoing
        self._record.note("reports", self.report, "subjects", self.unit)
        self._record.note("reports", self.report, "notebook")

    def __repr__(self) -> str:
        return f"<page {self.report}: {self.unit}, {self.period}>"

    @property
    def night(self) -> date:
        """The extract's night; a page that asks for it is another one every night, see `until`."""
        self._record.note_night(self._opening.extract.night)
        return self._opening.extract.night

    @property
    def settings(self) -> Mapping[str, Any]:
        """What the report's params say of this unit (`sections:`)."""
        self._record.note("reports", self.report, "sections", self.unit)
        return self._opening.report.sections.get(self.unit, {})

    def has_pages_of(self, unit: str) -> bool:
        """Whether the report is also made for another unit or procedure."""
        self._record.note("reports", self.report, "subjects", unit)
        return any(subject.id == unit for subject in self._opening.report.subjects)

    def has(self, table: str) -> bool:
        """Whether the night holds a table."""
        return self._reader.has(table)

    def read(
        self,
        table: str,
        *,
        units: Sequence[str] | None = None,
        start: date | None = None,
        end: date | None = None,
        where: Mapping[str, object] | None = None,
        columns: Sequence[str] | None = None,
    ) -> pd.DataFrame:
        """The rows of a table; not for showing before `p.protect`. See `Extract.read`."""
        check_units(table, units, self.params.units)
        return self._reader.read(
            table, units=units, start=start, end=end, where=where, columns=columns
        )

    def protect(
        self,
        frame: pd.DataFrame,
        *,
        table: str,
        columns: Sequence[Column],
        total_row: int | None = None,
        about: Group | None = None,
    ) -> Protected:
        """A table that may be shown; small numbers are hidden as `params/disclosure.yml` says.

        So is what would tell a hidden number together with all that the page has shown before.

        Args:
            frame: The table.
            table: The id that the policy knows it by.
            columns: What is shown of it.
            total_row: The position of the row that sums the others; -1 is the last.
            about: Whom it is about, see `lpe_reports.display.about`; its rows and columns narrow
                it. Without it the table's numbers are nobody else's on any page; but where the
                policy does not name the table, what its rows add up to is held to be known.
        """
        if isinstance(frame, Nothing):
            return cast(Protected, frame)
        return protect(
            frame,
            table=table,
            columns=columns,
            policy=self.params.disclosure,
            total_row=total_row,
            about=about,
            ledger=self.ledger,
            sum_known=about is None and self._is_own(table),
        )

    def protect_coarsest(
        self,
        drafts: Sequence[Draft],
        *,
        table: str,
        notes: Sequence[str] = (),
        otherwise: Sequence[Draft] = (),
        most_hidden: float | None = None,
    ) -> Protected:
        """The finest of several drafts of a table that does not hide too much, as `protect`.

        Args:
            drafts: Ways to divide the same numbers, from fine to coarse; the last, which is taken
                where all others hide too much, may have no rows.
            table: The id that the policy knows them by.
            notes: For each draft what is said under its table: why it is not a finer one. What is
                said of one without rows stands in place of a table.
            otherwise: What is taken where all drafts hide too much: the first of these that hides
                no more than half, else the last. Notes are for them too.
            most_hidden: How large a share of a draft may be hidden, where that is not the
                policy's: 0 for numbers that follow from each other.

        Raises:
            UsageError: There are notes, and not one for each draft.
        """
        every, policy = [*drafts, *otherwise], self.params.disclosure
        if most_hidden is not None:
            policy = policy.model_copy(update={"most_hidden": most_hidden})
        if notes and len(notes) != len(every):
            raise UsageError(f"p.protect_coarsest: {len(notes)} notes for {len(every)} drafts")
        trial = self.ledger.trial()
        chosen = protect_coarsest(
            drafts, table=table, policy=policy, ledger=trial, sum_known=self._is_own(table)
        )
        if otherwise and share_hidden(chosen) > policy.most_hidden:
            policy = policy.model_copy(update={"most_hidden": _HALF})
            drafts, notes, trial = otherwise, notes[len(drafts) :], self.ledger.trial()
            chosen = protect_coarsest(
                drafts, table=table, policy=policy, ledger=trial, sum_known=self._is_own(table)
            )
        self.ledger.adopt(trial)
        for draft, note in zip(drafts, notes[: len(drafts)] or [""] * len(drafts), strict=True):
            if _is_of(chosen, draft):
                self._coarser[chosen] = note
                break
        return chosen

    def _is_own(self, table: str) -> bool:
        """Whether a table is the notebook's own, of which nobody has said what it adds up to."""
        return self.params.disclosure.family_of(table) is None

    @property
    def ledger(self) -> Ledger:
        """What the page has shown so far."""
        if self._ledger is None:
            decisions = self._opening.decisions
            self._ledger = Ledger(
                self.params.disclosure,
                decided=decisions.kept,
                across=frozenset(decisions.across),
                nesting=nesting_of(self.params.units),
                place=f"{self.report}/{self.unit}/{self.period}",
            )
        return self._ledger

    def answer(self, name: str, **options: Any) -> Protected:
        """A named answer, "family.name", with its own options."""
        if self._skipped is not None:
            return cast(Protected, Nothing())
        return require_protected(find_answer(name)(self, **options), f"p.answer('{name}')")

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` gives, worked out once on this page."""
        return self._reader.remember(("once", key), make)

    def sentence(self, name: str, **options: Any) -> str:
        """A named sentence, "family.name", for `p.summary`."""
        return "" if self._skipped is not None else str(find_sentence(name)(self, **options))

    def snapshot_on(self, list: str, day: date) -> date | None:
        """The night whose waiting list shows how things stood on a day, see `Extract`."""
        return self._reader.snapshot_on(list, day)

    def series(
        self,
        measure: str,
        *,
        unit: str | None = OWN,
        vo: str | None = OWN,
        section: str | None = None,
        procedure: str | None = None,
        list: str = "operation",
        last: int | None = None,
        since: str = "",
        name: str = "",
        target_unit: str | None = None,
        rebase: Sequence[str] = (),
        **options: Any,
    ) -> Series:
        """A measure over the periods up to the page's, with target, limits and what it was before.

        Args:
            measure: Its id (`operations`, `waiting` …).
            unit: An operating unit or clinic; None for all; the page's own when not given.
            vo: A verksamhetsområde; None for all; the page's own when not given.
            section: One of its sections.
            procedure: A procedure, selection or group; not on the list to first contact.
            list: For waiting lists: "operation" or "first_contact".
            last: How many periods, this one included; two at least.
            since: The id of the first period instead ("2025-W01").
            name: What the page calls it; measure, and unit if not the page's, when not given.
            target_unit: Whose target it has; the unit's, section's or VO's own when not given.
            rebase: Ids of periods where mean and limits start anew.
            options: Parameters of the measure itself.

        Raises:
            UsageError: An argument is unknown, or would change nothing for this measure.
        """
        if self._skipped is not None:
            return cast(Series, Nothing())
        check_length(last, since)
        own = self._own()
        chosen_unit, chosen_vo = own[0] if unit == OWN else unit, own[1] if vo == OWN else vo
        selection = Selection(chosen_unit, chosen_vo, section, procedure, list)
        asked = get_measure(measure)
        wish = Wish(
            measure=asked,
            selection=selection,
            period=self.period,
            count=last or self._periods_since(since) or _DEFAULT_COUNT[self.period.kind],
            # The page's title says where its own unit is.
            name=name or (asked.label if selection.unit == self.unit else ""),
            targets=_targets(measure, selection, target_unit),
            options=options,
            rebase=tuple(rebase),
        )
        check_wish(wish, self.params)
        return make_series(wish, reader=self._reader, params=self.params, ledger=self.ledger)

    def each(self, measure: str, units: Iterable[str], **wish: Any) -> tuple[Series, ...]:
        """A series for each of some units; the other arguments as for `p.series`."""
        return tuple(self.series(measure, unit=unit, **wish) for unit in units)

    def measures(self, ids: Iterable[str], **wish: Any) -> tuple[Series, ...]:
        """A series for each of some measures; the other arguments as for `p.series`."""
        return tuple(self.series(measure, **wish) for measure in ids)

    def _periods_since(self, first: str) -> int:
        """How many periods there are from one to the page's, both included; 0 for none named."""
        if not first:
            return 0
        begin = parse_period(first)
        if begin.kind is not self.period.kind or begin > self.period:
            raise UsageError(f"since='{first}' is no {self.period.kind} before {self.period}")
        count, period = 1, self.period
        while period > begin:
            count, period = count + 1, period.previous()
        return count

    def _own(self) -> tuple[str | None, str | None]:
        """The operating unit and the verksamhetsområde that the page is about."""
        if self.unit not in self._opening.params.units:
            return None, None
        unit = self.params.units.get(self.unit)
        if unit.kind is UnitKind.VO:
            return None, None if self.settings.get("all_vo") else unit.id
        return unit.id, None


def _is_of(table: Protected, draft: Draft) -> bool:
    """Whether a table is a draft as it came out: the same columns, and the same rows by name."""
    if table.columns != tuple(draft.columns) or len(table) != len(draft.frame):
        return False
    name = draft.columns[0].id
    return list(table.frame[name]) == list(draft.frame[name])


def _targets(measure: str, selection: Selection, named: str | None) -> tuple[tuple[str, str], ...]:
    """The targets that fit a selection, as measure and unit, the closest first.

    A unit's target for one verksamhetsområde stands under the measure's id with the VO's after
    it (`operations_ortopedi`). A VO's target is for all its units together, so a series of one
    unit never has it.
    """
    if named is not None:
        return ((measure, named),)
    if selection.unit is not None:
        own = ((f"{measure}_{selection.vo}", selection.unit),) if selection.vo else ()
        return (*own, (measure, selection.unit))
    unit = selection.section or selection.vo
    return ((measure, unit),) if unit else ()
