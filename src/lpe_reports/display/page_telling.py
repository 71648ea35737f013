"""What a page shows in words and numbers: sections, sentences, key figures."""

import difflib
from collections.abc import Iterator, Sequence
from typing import cast, get_args

from lpe_reports import wording
from lpe_reports.disclosure.protected import Protected
from lpe_reports.display.blocks import (
    AbsentBlock,
    AnyBlock,
    CommentBlock,
    KeyFigure,
    KeyFiguresBlock,
    NoteBlock,
    SelectionBlock,
    SummaryBlock,
    Tone,
)
from lpe_reports.display.key_figures import cell_figure, series_figure
from lpe_reports.display.opening import Opening
from lpe_reports.display.page_asking import AskingPage
from lpe_reports.display.series.model import Series
from lpe_reports.display.shown import Nothing, Shown
from lpe_reports.display.summary import summary_text
from lpe_reports.display.tables import require_protected
from lpe_reports.errors import NotebookError, UsageError


class TellingPage(AskingPage):
    """A page that shows blocks, and keeps track of what it has shown."""

    def __init__(self, opening: Opening) -> None:
        super().__init__(opening)
        self._shown: list[Shown] = []
        self._ids: set[str] = set()
        self._definitions: dict[str, None] = {}
        self._selection: SelectionBlock | None = None

    def section(self, name: str | None = None, *, needs: Sequence[str] = ()) -> Shown:
        """Begin a section: of all units, or only of those whose params name it.

        The cell stands right under its heading. Where the section is not for this page, it is
        left out with its heading, to the next `p.section`.

        Args:
            name: A key of the report's `sections:` for the unit; None for all units.
            needs: Optional tables; where one was not delivered, the page says so instead.

        Raises:
            NotebookError: No unit's `sections:` have that key, and one has nearly the same.
        """
        self._skipped, self._selection = None, None
        if name is not None:
            self._check_section(name)
        if name is not None and not self.settings.get(name):
            self._skipped = name
            return self._add(AbsentBlock(section=name, opens=True), "p.section")
        missing = [table for table in needs if not self.has(table)]
        if missing:
            self._skipped = ""
            tables = wording.listing(missing)
            words = f"Uppgifterna har inte levererats till datalagret ({tables})."
            return self._add(NoteBlock(text=words), "p.section")
        return self._add(AbsentBlock(), "p.section")

    def _check_section(self, name: str) -> None:
        """See that a name is not misspelt, here or in params: left out, nobody would miss it.

        One that no unit has today, and that is like no other, is a section of nobody. Nothing is
        noted of it: the unit that loses a section runs again, and says so.
        """
        report = self._opening.report
        known = sorted({key for sections in report.sections.values() for key in sections})
        near = difflib.get_close_matches(name, known, n=1)
        if name in known or not near:
            return
        raise NotebookError(
            f"p.section('{name}'): no unit in params/reports/{report.id}.yml has a section of that "
            f"name; did you mean '{near[0]}'? It knows {', '.join(known)}. One of another name is "
            f"written there, under `sections:` of each unit that has it: "
            f"`sections: {{{self.unit}: {{{name}: true}}}}`"
        )

    def summary(self, *parts: Series | Sequence[Series] | str) -> Shown:
        """The sentences that say what happened, made from series and texts in their order."""
        given = list(flat(parts))
        text = summary_text(given, subject=self._doer(given))
        return self._show(SummaryBlock(text=text) if text else AbsentBlock(), "p.summary")

    def _doer(self, given: Sequence[object]) -> str:
        """Who did what series without a place tell of; a procedure does nothing by itself."""
        told = any(isinstance(part, Series) for part in given)
        if told and self.unit not in self._opening.params.units:
            return self.params.site.organisation
        return self.subject.short

    def comment(self) -> Shown:
        """The office's comment on the unit and period, where there is one."""
        block: AnyBlock | AbsentBlock = AbsentBlock()
        if self.has("comments"):
            found = self.read("comments", where={"unit": self.unit, "period": self.period.id})
            if len(found):
                newest = found.sort_values("updated_on").iloc[-1]
                block = CommentBlock(
                    text=str(newest["text"]), updated_on=f"{newest['updated_on']:%Y-%m-%d}"
                )
        return self._show(block, "p.comment")

    def selection(self, text: str, definitions: str | Sequence[str] = ()) -> Shown:
        """Whom all that follows is about, until the next; and links to what is measured."""
        _check_text(text, "p.selection")
        block = SelectionBlock(text=text, definitions=self._defined(definitions))
        self._selection = block
        return self._show(block, "p.selection")

    def note(self, text: str, tone: Tone = "plain") -> Shown:
        """A sentence in plain words; nothing where it is empty."""
        _check_text(text, "p.note")
        if tone not in get_args(Tone):
            raise UsageError(
                f"p.note takes one text and tone=, which is one of {', '.join(get_args(Tone))}"
            )
        return self._show(NoteBlock(text=text, tone=tone) if text else AbsentBlock(), "p.note")

    def key_figure(
        self,
        table: Protected,
        column: str,
        *,
        label: str,
        row: int = 0,
        definition: str = "",
        before: Protected | None = None,
        before_label: str = "",
        id: str = "",
        empty: str = "",
    ) -> KeyFigure:
        """One cell of a protected table as a key figure, for `p.key_figures`.

        Args:
            table: The table.
            column: The number's column.
            label: What the page calls it.
            row: The number's row; -1 for the last.
            definition: Its glossary entry.
            before: The same table for the period that it is compared with.
            before_label: What that period is called ("2024").
            id: Its id in the JSON; the same every period.
            empty: What to say where the table has no rows ("går inte att jämföra").
        """
        if isinstance(table, Nothing):
            return cast(KeyFigure, table)
        protected = require_protected(table, "p.key_figure")
        if (before is None) == bool(before_label):
            raise UsageError("p.key_figure: before= and before_label= belong together; give both")
        if before is not None:
            before = require_protected(before, "p.key_figure(before=…)")
        figure_id = id or wording.slug(f"{protected.table}-{column}-{label}")
        self._defined(definition)
        figure = cell_figure(
            protected,
            column,
            row=row,
            figure_id=figure_id,
            label=label,
            definition=definition,
            before=before,
            before_label=before_label,
        )
        return figure.model_copy(update={"missing": empty}) if empty and not len(table) else figure

    def key_figures(self, *figures: Series | KeyFigure | Sequence[Series]) -> Shown:
        """The numbers at the top: series by their last value, and what `p.key_figure` made."""
        items: list[KeyFigure] = []
        for figure in flat(figures):
            if isinstance(figure, Series):
                self._defined(figure.measure.glossary_id)
                items.append(
                    series_figure(figure, self._unique(f"tal-{figure.key}").removeprefix("tal-"))
                )
            elif isinstance(figure, KeyFigure):
                items.append(figure)
            else:
                raise UsageError(
                    f"p.key_figures takes series and key figures, not a {type(figure).__name__}"
                )
        block = KeyFiguresBlock(items=tuple(items)) if items else AbsentBlock()
        return self._show(block, "p.key_figures")

    def _show(self, block: AnyBlock | AbsentBlock, call: str) -> Shown:
        """The block as a cell shows it; nothing inside a section that is left out."""
        if self._skipped is not None:
            block = AbsentBlock(section=self._skipped)
        return self._add(block, call)

    def _add(self, block: AnyBlock | AbsentBlock, call: str) -> Shown:
        shown = Shown(
            block,
            call,
            building=self._opening.building,
            definition_name=lambda name: self._opening.params.glossary.get(name).name,
        )
        self._shown.append(shown)
        return shown

    def _defined(self, definitions: str | Sequence[str]) -> tuple[str, ...]:
        """Glossary ids, each of which must exist."""
        names = (definitions,) if isinstance(definitions, str) else tuple(definitions)
        named = tuple(dict.fromkeys(name for name in names if name))
        for name in named:
            if name not in self._opening.params.glossary:
                raise UsageError(f"params/glossary.yml has no entry '{name}'; define what is shown")
            self._definitions[name] = None
        return named

    def _unique(self, wanted: str) -> str:
        """An id that no other block of the page has."""
        name, number = wording.slug(wanted), 1
        while name in self._ids:
            number += 1
            name = f"{wording.slug(wanted)}-{number}"
        self._ids.add(name)
        return name


def _check_text(text: object, call: str) -> None:
    if not isinstance(text, str):
        raise UsageError(f"{call} takes a text, not a {type(text).__name__}")


def flat(given: Sequence[object]) -> Iterator[object]:
    """What was given, with lists and tuples of series opened up."""
    for one in given:
        if isinstance(one, list | tuple):
            yield from flat(one)
        elif not isinstance(one, Nothing):
            yield one
