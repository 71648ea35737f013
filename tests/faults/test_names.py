"""Names of people's choosing: as long and odd as may be, whole for readers, never in an address.

And two things with one address: told before anything is run, whatever they are.
"""

import html
import json
import re
import zipfile
from dataclasses import dataclass
from datetime import date
from itertools import chain
from pathlib import Path

import pyarrow.parquet as pq
import pypdfium2
import pytest

from changing_project import ChangingProject
from lpe_reports.errors import ParamsError
from lpe_reports.params.loading import load_params
from lpe_reports.params.procedures import load_procedures
from lpe_reports.params.reports import load_reports
from lpe_reports.params.units import load_units
from lpe_reports.periods import PeriodKind, last_periods
from lpe_reports.render.search_index import RECORDS
from lpe_reports.settings import Project
from params_objects import ROOT
from reliability.trials import Tried

pytestmark = pytest.mark.promise(
    "size", "A unit's name with å, a slash and as many characters as may be is whole for readers"
)
ONE_PAGE = pytest.mark.promise(
    "size", "Two units, reports, periods or procedures of one address are told before any is run"
)

# As long as params allow, and how the warehouse spells the same unit: with 300 characters.
NAME = "Åre/Öst (väst) & norr: <Hjärta> "
NAME = f"{NAME}{'operationsavdelning ' * 9}"[:119] + "Ö"
SHORT = f"{'Åre/Öst & <Hjärta> ' * 3}"[:39] + "Ö"
SPELT = f"Åre/Öst & {'sal ' * 100}"[:299] + "Ö"
FOLDER = "nyttjande/use/hu-cop"


@dataclass(frozen=True)
class Named:
    """A published site with that unit."""

    project: ChangingProject

    @property
    def version(self) -> Path:
        return (self.project.root / "public" / "latest").resolve()

    def read(self, name: str) -> str:
        """A text file of the newest version, what is escaped as a reader sees it."""
        return html.unescape((self.version / name).read_text(encoding="utf-8-sig"))


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> Named:
    """The unit is called so in units.yml, and spelt otherwise in the warehouse."""
    project = ChangingProject.make(tmp_path_factory.mktemp("named") / "project")
    project.edit("params/units.yml", "name: Centraloperation Hudiksvall", f"name: '{NAME}'")
    project.edit("params/units.yml", "short: Hu - C-op", f"short: '{SHORT}'")
    project.edit(
        "params/sources.yml",
        "aliases: {hospital: {Annan: other}}",
        f"aliases: {{hospital: {{Annan: other}}, operating_unit: {{'{SPELT}': hu-cop}}}}",
    )
    (project.root / "params" / "reports" / "wait.yml").unlink()
    office = project.office()
    for row in chain.from_iterable(office.tables.values()):
        for column, value in row.items():
            row[column] = SPELT if value == "Hu - C-op" else value
    office.write()
    told = project.lpe("nightly", "--jobs", "1")
    assert told.code == 0, told.err
    return Named(project)


@pytest.mark.parametrize(
    "name",
    [f"{FOLDER}/2026-04.html", f"{FOLDER}/2026-04.json", f"{FOLDER}/index.html", "index.html"],
)
def test_name_is_whole_on_pages(named: Named, name: str) -> None:
    """Letter by letter, and nothing of it is markup."""
    assert NAME in named.read(name).replace("\\/", "/")
    assert "<Hjärta>" not in (named.version / name).read_text("utf-8") or name.endswith("json")


def test_name_is_whole_in_pdf_and_workbook(named: Named) -> None:
    """Where lines break and words are parted."""
    pdf = pypdfium2.PdfDocument(named.version / FOLDER / "2026-04.pdf")
    said = pdf[0].get_textpage().get_text_range()
    pdf.close()
    with zipfile.ZipFile(named.version / FOLDER / "2026-04.xlsx") as workbook:
        inside = " ".join(workbook.read(name).decode("utf-8") for name in workbook.namelist())

    assert _letters(NAME) in _letters(said)
    assert NAME in html.unescape(inside)


def test_name_is_whole_in_dataset_and_search(named: Named) -> None:
    """What analysts choose rows by, and what staff look for."""
    pages = pq.read_table(named.version / "dataset" / "sidor.parquet").column("enhet").to_pylist()
    found = json.loads((named.version / RECORDS).read_text("utf-8"))

    assert NAME in pages
    assert any(NAME in text for record in found for text in record.values())


def test_what_the_warehouse_calls_it_is_its_own(named: Named) -> None:
    """No row is lost for its spelling, and the spelling stands on no page."""
    newest = max((named.project.root / "data" / "extracts").glob("*/manifest.json"))
    told = newest.read_text("utf-8")

    assert '["hu-cop","","2026-04",' in told
    assert re.findall(r'"unknown":\{[^}]', told) == []
    for path in (path for path in named.version.rglob("*.html") if path.is_file()):
        assert SPELT not in html.unescape(path.read_text("utf-8")), path


def test_no_file_is_called_by_a_name(named: Named, tried: Tried) -> None:
    """Every path of a version is short and plain on every system."""
    paths = [path.relative_to(named.version).as_posix() for path in named.version.rglob("*")]

    assert [path for path in paths if not re.fullmatch(r"[A-Za-z0-9._/-]{1,200}", path)] == []
    tried(len(paths), "paths")


def _letters(text: str) -> str:
    return re.sub(r"[\s\u00ad\u2010\u0002\ufffe-]", "", text)


REPORT = """notebook: reports/small.ipynb
area: {area}
slug: {slug}
title: Liten
question: Går det?
owner: analys@example.invalid
units: {units}
periods: {periods}
"""
USUAL = {
    "area": "nyttjande", "slug": "small", "units": "[one, two]",
    "periods": "{kind: month, last: 1}",
}  # fmt: skip
UNITS = """units:
  - {id: one, kind: operating_unit, name: Ett, short: Ett, slug: same}
  - {id: two, kind: vo, name: Två, short: Två, slug: %s}
"""


def _load(root: Path, second: str, **reports: dict[str, str]) -> list[str]:
    """The reports of a project whose two units are of different kinds."""
    (root / "reports").mkdir()
    (root / "units.yml").write_text(UNITS % second, encoding="utf-8")
    for name, changes in reports.items():
        text = REPORT.format(**(USUAL | changes))
        (root / "reports" / f"{name}.yml").write_text(text, encoding="utf-8")
    units = load_units(root / "units.yml", root)
    procedures = load_params(Project(ROOT)).procedures
    return list(load_reports(root / "reports", root, units, procedures, notebooks=False))


@ONE_PAGE
@pytest.mark.parametrize(
    ("second", "reports", "line", "words"),
    [
        ("same", {"a": {}}, 7, "two of its units have the slug 'same'"),
        ("other", {"a": {}, "b": {}}, 3, "'a' has the slug 'small' already"),
        (
            "other",
            {"a": {"periods": "[{kind: month, last: 1}, {kind: month, last: 3}]"}},
            8,
            "one window of periods, or several of different kinds",
        ),
        ("other", {"a": {"units": "{procedures: [NGB49, knee, NGB49]}"}}, 7, "stands twice"),
    ],
    ids=["units", "reports", "periods", "procedures"],
)
def test_one_address_for_two_is_told(
    tmp_path: Path, second: str, reports: dict[str, dict[str, str]], line: int, words: str
) -> None:
    """With file and line: one page would have overwritten the other."""
    with pytest.raises(ParamsError, match=re.escape(words)) as caught:
        _load(tmp_path, second, **reports)

    last = sorted(reports)[-1]
    assert str(caught.value).startswith(f"reports/{last}.yml:{line}: ")


@ONE_PAGE
def test_two_procedures_with_one_slug_are_told(tmp_path: Path) -> None:
    """Also a code and a group, whose pages lie in one folder."""
    path = tmp_path / "procedures.yml"
    text = (ROOT / "params" / "procedures.yml").read_text("utf-8")
    slugs = re.findall(r"slug: ([a-z0-9-]+)", text)
    path.write_text(text.replace(f"slug: {slugs[-1]}", f"slug: {slugs[0]}"), encoding="utf-8")

    with pytest.raises(ParamsError, match=f"have the slug '{slugs[0]}'"):
        load_procedures(path, tmp_path)


@ONE_PAGE
def test_what_only_shares_a_word_has_addresses_of_its_own(tmp_path: Path) -> None:
    """Units of two kinds on different reports, reports of two areas."""
    found = _load(
        tmp_path,
        "same",
        a={"units": "[one]"},
        b={"units": "[two]", "area": "uppfoljning"},
        c={"units": "[two]", "slug": "same"},
    )

    assert found == ["a", "b", "c"]


@ONE_PAGE
def test_no_two_periods_have_one_name(tried: Tried) -> None:
    """Of all kinds, twenty years back and more: each names a file."""
    periods = [
        period.id for kind in PeriodKind for period in last_periods(kind, date(2026, 5, 11), 240)
    ]

    assert len(set(periods)) == len(periods)
    assert [name for name in periods if not re.fullmatch(r"[A-Za-z0-9-]{4,20}", name)] == []
    tried(len(periods), "periods")
