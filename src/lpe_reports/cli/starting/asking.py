"""From options and answers to a wish: what an option says is taken, the rest is asked for."""

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import typer

from lpe_reports.cli.starting.offered import offered
from lpe_reports.cli.starting.subjects import KINDS
from lpe_reports.cli.starting.wish import AREAS, Checks, Office, Wish, id_out_of, slug_out_of
from lpe_reports.errors import UsageError
from lpe_reports.periods import PeriodKind

T = TypeVar("T")
Ask = Callable[[str, str | None], str]

# These have no default that would do.
_NEEDED = ("title", "question", "area", "units", "periods")
# Somebody who has answered so often wrongly wants something else.
_TRIES = 10


def terminal() -> Ask | None:
    """How to ask whoever sits there; None where nobody does."""
    if not sys.stdin.isatty():
        return None
    return lambda words, default: str(typer.prompt(words, default=default))


def settle(
    office: Office, options: Mapping[str, str | None], units: Sequence[str], ask: Ask | None
) -> Wish:
    """The report that is wished for.

    Args:
        office: The project.
        options: What the command line says, by option; None where nothing.
        units: Its `--units`.
        ask: How to ask for the rest; None where nobody can be asked.

    Raises:
        UsageError: Something is wrong with it, or missing and nobody can be asked.
    """
    given = {**options, "units": ",".join(units) or None}
    missing = [name for name in _NEEDED if given.get(name) is None]
    if missing and ask is None:
        named = ", ".join(f"--{name}" for name in missing)
        raise UsageError(f"there is no terminal to ask at; say {named} (`lpe new --help`)")
    return _Settling(office, given, ask if missing else None).wish()


class _Settling:
    def __init__(self, office: Office, given: Mapping[str, str | None], ask: Ask | None) -> None:
        self._office, self._given, self._ask = office, given, ask
        self._checks = Checks(office)

    def wish(self) -> Wish:
        """Each part after those that it depends on."""
        checks, glossary = self._checks, self._office.glossary
        title = self._part("title", "Title", checks.title)
        report_id = self._part("id", "Id (the names of its files)", checks.id, id_out_of(title))
        question = self._part("question", "The question that it answers", checks.question)
        area = self._part("area", f"Area ({', '.join(AREAS)})", checks.area)
        slug = self._part(
            "slug", "Its part of the address", lambda text: checks.slug(text, area),
            slug_out_of(title),
        )  # fmt: skip
        self._explain("One page for each of what? Name a kind, or ids with commas between them:")
        for kind, words in KINDS.items():
            named = "knee,NGB49" if kind == "procedure" else kind
            self._explain(f"  {named:<15} {words}")
        subjects = self._part("units", "Units", lambda text: checks.units([text]))
        periods = self._part("periods", f"Periods ({', '.join(PeriodKind)})", checks.periods)
        self._explain("Which measure does it begin with? More are added in the notebook:")
        fitting = offered(subjects.kind, periods, glossary)
        for each in fitting:
            self._explain(f"  {each.id:<26} {each.label}")
        if not fitting:
            raise UsageError(
                f"params/glossary.yml defines no measure that can be followed for each "
                f"{subjects.kind}; write an entry for one"
            )
        measure = self._part(
            "measure", "Measure", lambda text: checks.measure(text, subjects, periods),
            fitting[0].id,
        )  # fmt: skip
        owner = self._part(
            "owner", "Who answers for it (mail)", checks.owner, self._office.site.contact
        )
        return Wish(
            report_id, title, question, area, slug, subjects, periods, measure, owner
        )  # fmt: skip

    def _part(
        self, name: str, words: str, check: Callable[[str], T], default: str | None = None
    ) -> T:
        text = self._given.get(name)
        if text is not None or self._ask is None:
            try:
                return check(text if text is not None else default or "")
            except UsageError as error:
                raise UsageError(f"--{name}: {error}") from None
        for _ in range(_TRIES):
            try:
                return check(self._ask(words, default or None).strip())
            except UsageError as error:
                typer.echo(f"  {error}", err=True)
        raise UsageError(f"--{name}: no answer that would do; nothing was written")

    def _explain(self, line: str) -> None:
        if self._ask is not None:
            typer.echo(line, err=True)
