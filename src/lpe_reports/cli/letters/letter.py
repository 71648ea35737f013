"""What is written to whom after a night: to reports' owners of their pages, to operators of it all.

No letter holds a value of the data: reports, units, periods, cells and classes of errors only.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from lpe_reports import wording
from lpe_reports.build.runs import ExecutedRun
from lpe_reports.params.reports import Report

# A report whose every page failed for one cause needs no list of them all.
_TOLD = 12


@dataclass(frozen=True)
class Letter:
    """One letter."""

    to: str
    subject: str
    body: str


def owners_letters(
    failures: Sequence[ExecutedRun], reports: Mapping[str, Report], night: date, version: str
) -> list[Letter]:
    """A letter to each owner of reports of which pages could not be made.

    Args:
        failures: The runs that failed; their pages are kept from before, or missing.
        reports: The reports by id.
        night: Until when the data go.
        version: The version that was published; empty where none was.
    """
    of_owner: dict[str, list[ExecutedRun]] = {}
    for run in failures:
        of_owner.setdefault(reports[run.run.report].owner, []).append(run)
    return [
        Letter(owner, _subject(runs, reports), "\n".join(_body(runs, reports, night, version)))
        for owner, runs in of_owner.items()
    ]


def operators_letter(to: str, exit_code: int, summary: str) -> Letter:
    """A letter about a whole night, to whoever looks after it.

    Args:
        to: Their address.
        exit_code: How the night ended.
        summary: What it said at its end: the summary or the error.
    """
    said = {
        3: "Nattens sidor är publicerade, men inte alla kunde göras",
        4: "Natten gav ingenting att publicera",
        5: "Uttaget ur datalagret misslyckades",
        6: "Uttaget hålls för granskning eller är för gammalt",
        7: "Granskningen före publicering stoppade natten",
        8: "En annan körning pågick redan",
    }.get(exit_code, "Natten avbröts av ett fel")
    body = f"{said} (slutkod {exit_code}).\n\nKörningen sade:\n\n{summary}\n"
    return Letter(to, said, body)


def _subject(runs: Sequence[ExecutedRun], reports: Mapping[str, Report]) -> str:
    titles = list(dict.fromkeys(reports[run.run.report].title for run in runs))
    count = wording.count_word(len(runs))
    pages = wording.plural(len(runs), "sida", "sidor")
    return f"{wording.listing(titles)}: {count} {pages} kunde inte göras"


def _body(
    runs: Sequence[ExecutedRun], reports: Mapping[str, Report], night: date, version: str
) -> Iterator[str]:
    yield (
        "De här sidorna kunde inte göras med uppgifterna till och med "
        f"{wording.day(night)}, och du står som ansvarig för rapporten:"
    )
    yield ""
    for run in runs[:_TOLD]:
        yield f"- {_page(run, reports)}"
    if len(runs) > _TOLD:
        yield f"- och {wording.count_word(len(runs) - _TOLD)} till"
    yield ""
    if version:
        yield f"Övriga sidor är publicerade i versionen {version}."
    first = runs[0].run
    yield (
        "Så här görs en av dem om: lpe build "
        f"--report {first.report} --unit {first.unit} --period {first.period.id}"
    )
    yield "Varför den gick fel står i build/logs på den dator som gör sidorna."


def _page(run: ExecutedRun, reports: Mapping[str, Report]) -> str:
    report = reports[run.run.report]
    name = f"{report.title}, {report.subject(run.run.unit).name}, {run.run.period.long}"
    why = run.error.words if run.error and run.error.words else "körningen gick fel"
    kept = (
        f"Sidan visas som den var i versionen {run.kept.version}." if run.kept else "Sidan saknas."
    )
    return f"{name}: {why}. {kept}"
