"""Kinds of change, each with the runs that it concerns and what is said of them."""

import hashlib
import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from importlib import metadata
from pathlib import Path

from changing_project import NIGHT, WAIT, WAIT_CELLS, ChangingProject
from lpe_reports.build.planning.traces import read_trace, trace_path
from lpe_reports.build.runs import RunKey
from lpe_reports.build.storing.exposures import exposure_path
from lpe_reports.build.storing.store import notebook_path
from lpe_reports.disclosure.decisions import Across, Decisions, decisions_path
from small_warehouse import operation, waiting

HU_4, HU_5 = "use hu-cop 2026-04", "use hu-cop 2026-05"
GA_4, GA_5 = "use ga-cop 2026-04", "use ga-cop 2026-05"
WEEK = "wait hu-cop 2026-W19"
ALL = (HU_4, HU_5, GA_4, GA_5, WEEK)
OF_USE = (HU_4, HU_5, GA_4, GA_5)
UNCHANGED = "current: nothing it read has changed"
SAME = "inget som sidan bygger på har ändrats"
NEW = ("new: never run before", "sidan är ny")
DAMAGED = (
    "new: what is stored of it is missing or damaged",
    "den sparade körningen saknas eller är skadad",
)
OPERATIONS = ("changed: other answers from operations", "nya uppgifter i operations")
SCIPY = metadata.version("scipy")
KEY = RunKey("use", "hu-cop", "2026-04")


@dataclass(frozen=True)
class Case:
    """One change.

    Fields:
        change: What is changed, as docs/plan.md says it.
        runs: Which runs that concerns, as docs/plan.md says it.
        make: Makes the change.
        says: Per run that is concerned, what `lpe plan` says, and the site.
        gone: Runs that there are no more.
        built: Also build, and look at what ran and which pages are other ones.
        other_pages: The pages that are other ones than before, where it is built.
    """

    change: str
    runs: str
    make: Callable[[ChangingProject], None]
    says: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    gone: tuple[str, ...] = ()
    built: bool = False
    other_pages: tuple[str, ...] = ()


def _data(change: Callable[[dict[str, list[dict[str, object]]]], None]) -> Callable[..., None]:
    """A change of the warehouse, extracted."""

    def make(project: ChangingProject) -> None:
        office = project.office()
        change(office.tables)
        office.extract()

    return make


def _one_more(number: int) -> Callable[..., None]:
    return _data(lambda tables: tables["operations"].append(operation(number, need_id=None)))


def _later(tables: dict[str, list[dict[str, object]]]) -> None:
    row = tables["operations"][88]  # 3 April, in Hudiksvall
    began = operation(88)["surgery_start_at"]
    tables["operations"][88] = {**row, "surgery_start_at": began + timedelta(minutes=1)}


def _staffing(project: ChangingProject) -> None:
    project.edit("params/sources.yml", "targets: {}", "targets: {}, staffing: {}")
    office = project.office()
    office.tables["staffing"] = [
        {
            "unit": "Hu - C-op", "date": date(2026, 4, 1), "role": "ssk", "scheduled_hours": 80.0,
            "worked_hours": 80.0, "vacant_hours": 0.0,
        }
    ]  # fmt: skip
    office.extract()


def _next_night(project: ChangingProject) -> None:
    office = project.office()
    day = NIGHT + timedelta(days=1)
    for list_ in ("first_contact", "operation"):
        office.tables["waiting_list"] += [waiting(number, list_, day) for number in range(20)]
    office.extract()


def _package(project: ChangingProject) -> None:
    """The package with another measure, as a new installation has it."""
    site = project.root.parent / "site"
    shutil.copytree(project.path[-1], site)
    measure = site / "lpe_reports" / "measures" / "waiting.py"
    measure.write_text(measure.read_text(encoding="utf-8") + "\n# another line\n", encoding="utf-8")
    project.path = (site,)


def _tool(project: ChangingProject) -> None:
    """What pip leaves of another version; the library itself stays."""
    site = project.root.parent / "tools"
    told = site / "scipy-99.0.dist-info"
    told.mkdir(parents=True)
    (told / "METADATA").write_text("Metadata-Version: 2.1\nName: scipy\nVersion: 99.0\n")
    project.path = (site, *project.path)


def _cells(*change: tuple[str, str]) -> Callable[..., None]:
    def make(project: ChangingProject) -> None:
        for old, new in change:
            project.edit("reports/use.ipynb", old, new)

    return make


def _new_report(project: ChangingProject) -> None:
    params = WAIT.replace("slug: wait", "slug: more").replace("title: Väntan", "title: Mer väntan")
    project.report(
        "more", params.replace("wait.ipynb", "more.ipynb"),
        [cell.replace("'wait'", "'more'") for cell in WAIT_CELLS],
        'unit = "hu-cop"\nperiod = "2026-W19"',
    )  # fmt: skip


def _title(project: ChangingProject) -> None:
    project.edit("_quarto.yml", "title: Länsplaneringsenheten rapporter", "title: Rapporter")
    project.edit("params/site.yml", "office: ", "office: Nya ")


def _damage(find: Callable[[ChangingProject], Path]) -> Callable[..., None]:
    def make(project: ChangingProject) -> None:
        path = find(project)
        content = path.read_bytes()
        middle = len(content) // 2
        path.write_bytes(content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :])

    return make


def _notebook(project: ChangingProject) -> Path:
    trace = read_trace(project.project, KEY)
    assert trace is not None
    return notebook_path(project.project, trace.notebook)


def _older(project: ChangingProject) -> None:
    body = {"format": 2, "notebook": "x"}
    digest = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
    trace_path(project.project, KEY).write_text(json.dumps({**body, "digest": digest}))


def _decision(project: ChangingProject) -> None:
    key = "operated|time=2026-04|unit=hu-cop"
    decided = Decisions({key: Across((KEY.file_stem,))})
    decisions_path(project.project).write_bytes(decided.to_json())


def _all(runs: tuple[str, ...], plan: str, site: str) -> dict[str, tuple[str, str]]:
    return dict.fromkeys(runs, (plan, site))


CASES = {
    "nothing": Case("nothing", "none", lambda project: None, built=True),
    "slice": Case(
        "a row of a slice", "those that read the slice", _data(_later),
        _all((HU_4, HU_5), *OPERATIONS),
        built=True,
        other_pages=(HU_4, HU_5),
    ),
    "slice inside": Case(
        "a slice more, inside a range that was read", "those that read the range", _one_more(117),
        {GA_5: OPERATIONS},
    ),
    "slice outside": Case("a slice more, of a unit that nobody read", "none", _one_more(119)),
    "same answers": Case(
        "a row on other days of a month that was read",
        "those that read these days; the others are asked again and hold", _one_more(116),
        {
            HU_5: OPERATIONS,
            WEEK: (
                "current: the data changed, the answers it read did not (1 asked)",
                "de uppgifter som sidan bygger på är oförändrade",
            ),
        },
    ),
    "optional table": Case(
        "an optional table more, which a run had asked for", "those that asked for it", _staffing,
        _all(OF_USE, "changed: other answers from staffing", "nya uppgifter i staffing"),
    ),
    "night": Case(
        "a new night, the same numbers",
        "those of periods that are under way, and those that read `p.night`", _next_night,
        {
            GA_4: ("changed: it tells which night it is",
                   "sidan bygger på vilken natt uppgifterna är från"),
            **_all(
                (HU_5, GA_5), "changed: its period is or was still under way",
                "perioden pågår eller pågick",
            ),
            "wait hu-cop 2026-W20": NEW,
        },
        gone=(WEEK,),
    ),
    "parameter": Case(
        "a parameter of a report", "the report's",
        lambda project: project.edit("params/reports/use.yml", "weeks: 4", "weeks: 6"),
        _all(OF_USE, "changed: parameter weeks changed", "ändrad inställning: weeks"),
    ),
    "params entry": Case(
        "the name of one unit", "those that show it",
        lambda project: project.edit("params/units.yml", "name: Bollnäs sjukhus", "name: Bollnäs"),
        _all(
            (GA_4, GA_5), "changed: params units/bo/name changed",
            "ändrat i params: units/bo/name",
        ),
        built=True, other_pages=(GA_4, GA_5),
    ),
    "new unit": Case(
        "an operating unit more", "those that tell its hospital's units apart",
        lambda project: project.edit(
            "params/units.yml", "units:\n",
            "units:\n  - {id: zz-cop, kind: operating_unit, name: Zäta, short: Zz, slug: zz, "
            "hospital: ga}\n",
        ),
        _all(
            (GA_4, GA_5), "changed: params units/operating units of/ga changed",
            "ändrat i params: units/operating units of/ga",
        ),
    ),
    "module": Case(
        "a module of the measures", "those that imported it", _package,
        {WEEK: ("changed: module measures.waiting changed", "ändrad beräkning: measures.waiting")},
        built=True,
    ),
    "helper": Case(
        "a module beside a notebook", "those that imported it",
        lambda project: project.edit("reports/helper.py", "Hjälp", "Stöd"),
        {WEEK: ("changed: module reports/helper.py changed",
                "ändrad beräkning: reports/helper.py")},
        built=True, other_pages=(WEEK,),
    ),
    "file": Case(
        "a file beside a notebook", "those that read it",
        lambda project: project.edit("reports/beside.csv", "Bredvid", "Intill"),
        {WEEK: ("changed: module reports/beside.csv changed",
                "ändrad beräkning: reports/beside.csv")},
    ),
    "prose": Case(
        "a notebook's text", "none; its pages are rendered anew",
        _cells(("Hur det ser ut.", "Hur det nu ser ut.")),
        _all(
            OF_USE, "current: only the notebook's text changed", "bara rapportens text har ändrats"
        ),
        built=True, other_pages=OF_USE,
    ),
    "code": Case(
        "a notebook's code", "the report's", _cells(("Utan bemanning", "Ingen bemanning")),
        _all(
            OF_USE, "changed: the notebook's code changed", "rapportens beräkning har ändrats"
        ),
    ),
    "tool": Case(
        "the version of a tool", "all", _tool,
        _all(ALL, f"changed: scipy {SCIPY} → 99.0", "ny version av scipy"),
    ),
    "title": Case(
        "the site's title, the office's name", "none; all pages are rendered anew", _title,
        built=True, other_pages=ALL,
    ),
    "report": Case(
        "a report more (it stands in the menus)", "its own; all pages are rendered anew",
        _new_report, {"more hu-cop 2026-W19": NEW},
        built=True, other_pages=(*ALL, "more hu-cop 2026-W19"),
    ),
    "notebook damaged": Case(
        "a stored notebook is damaged", "that one", _damage(_notebook), {HU_4: DAMAGED}
    ),
    "trace damaged": Case(
        "a stored trace is damaged", "that one",
        _damage(lambda project: trace_path(project.project, KEY)), {HU_4: DAMAGED},
    ),
    "exposure damaged": Case(
        "the record of what a page shows is damaged", "that one",
        _damage(lambda project: exposure_path(project.project, KEY)), {HU_4: DAMAGED},
    ),
    "decision": Case(
        "a decision that a page must hide a number", "the page's", _decision,
        {
            HU_4: (
                "changed: other pages would give away what it must hide",
                "andra sidor skulle annars avslöja små tal som ska vara dolda",
            )
        },
    ),
    "older": Case(
        "lpe itself, so that traces are written otherwise", "all that have such traces", _older,
        {
            HU_4: (
                "new: run by an earlier version of lpe",
                "sidan gjordes av en tidigare version av programmet",
            )
        },
    ),
}  # fmt: skip
