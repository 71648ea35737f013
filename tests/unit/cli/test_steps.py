"""The steps of a night, on real extracts of two sources in one folder."""

import os
import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest

from lpe_reports.build.planning.selection import Selection
from lpe_reports.cli.steps import Wanted, Which, night_steps, plan_now, take_extract
from lpe_reports.display.opening import find_opening
from lpe_reports.errors import ExtractError, ExtractHeldError, UsageError
from lpe_reports.params.loading import Params, load_params
from lpe_reports.progress import Silent
from lpe_reports.warehouse.nights.manifest import read_manifest
from parsed_params import share_parsed_params
from small_warehouse import DUCKDB_SOURCES, NIGHT, ROOT, SmallOffice, small_office, waiting

TODAY = NIGHT + timedelta(days=1)
ONE = Selection(["utilisation"], ["bo-opc"], ["2026-04"])


@pytest.fixture
def office(tmp_path: Path) -> SmallOffice:
    """A project with two sources; `twin` reads the same file."""
    made = small_office(tmp_path, operations=24)
    shutil.rmtree(tmp_path / "params")
    for name in ("params", "reports"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "_quarto.yml", tmp_path)
    demo = DUCKDB_SOURCES.partition("sources:\n")[2]
    made.sources(DUCKDB_SOURCES + demo.replace("  demo:\n", "  twin:\n"))
    made.write()
    share_parsed_params(made.project)
    return made


def _params(office: SmallOffice) -> Params:
    return load_params(office.project)


def _take(office: SmallOffice, source: str) -> Path:
    wanted = Wanted(source, anew=True)
    return take_extract(office.project, _params(office), wanted, Silent())


def _later_list(office: SmallOffice) -> None:
    rows = [waiting(n, "operation", TODAY) for n in range(20)]
    office.tables["waiting_list"] += rows
    office.write()


def test_a_nightly_builds_the_night_it_took(office: SmallOffice) -> None:
    """Though a newer night of another source lies beside it."""
    _take(office, "twin")
    _later_list(office)
    newer = _take(office, "demo")
    office.tables["waiting_list"] = office.tables["waiting_list"][:-20]
    office.write()
    steps = night_steps(office.project, _params(office), "twin", None, Silent())

    steps.extract()
    plan = steps.plan()

    assert newer.name == "2026-05-12"
    assert (plan.night, plan.extract) == (NIGHT, "2026-05-11.2")
    assert read_manifest(office.project.extracts / "2026-05-11.2").source == "twin"


def test_a_build_reads_the_night_of_its_source_of_one_day(
    office: SmallOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two sources have the same day: the plan, its evidence and the runs take the same one."""
    _take(office, "demo")
    _take(office, "twin")

    plan = plan_now(office.project, _params(office), ONE, Which(TODAY, "demo"))

    assert plan.extract == "2026-05-11"
    for name, value in {"LPE_PROJECT": str(office.root), "LPE_RUN": "1"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("LPE_NIGHT", plan.extract)
    opening = find_opening("utilisation", "bo-opc", "2026-04", {})
    assert opening.extract.manifest.source == "demo"
    assert opening.extract.folder.name == "2026-05-11"


def test_an_author_s_day_is_its_last_load(
    office: SmallOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Outside a build LPE_NIGHT names a day; a folder can be named too."""
    _take(office, "demo")
    _take(office, "demo")
    monkeypatch.setenv("LPE_PROJECT", str(office.root))
    monkeypatch.delenv("LPE_RUN", raising=False)

    for named, folder in (("2026-05-11", "2026-05-11.2"), ("2026-05-11.2", "2026-05-11.2")):
        monkeypatch.setenv("LPE_NIGHT", named)
        opening = find_opening("utilisation", "bo-opc", "2026-04", {})
        assert opening.extract.folder.name == folder


def test_a_second_load_of_the_day_is_the_one_that_is_built(office: SmallOffice) -> None:
    """And a night that is named is built whatever is newer."""
    project, params = office.project, _params(office)
    first = _take(office, "demo")
    _take(office, "demo")

    newest = plan_now(project, params, ONE, Which(TODAY))
    named = plan_now(project, params, ONE, Which(TODAY, folder=first))

    assert (newest.extract, named.extract) == ("2026-05-11.2", "2026-05-11")


def test_an_unknown_source_and_one_without_a_night_are_told(office: SmallOffice) -> None:
    """The first is wrong use; of the second it says what there is."""
    project, params = office.project, _params(office)
    with pytest.raises(ExtractError, match="run `lpe extract`"):
        plan_now(project, params, ONE, Which(TODAY, "demo"))
    _take(office, "demo")

    with pytest.raises(UsageError, match="no source 'dmo'; did you mean 'demo'"):
        plan_now(project, params, ONE, Which(TODAY, "dmo"))
    with pytest.raises(ExtractError, match="of source 'twin'; there are extracts of 'demo'"):
        plan_now(project, params, ONE, Which(TODAY, "twin"))


def test_a_nightly_prunes_at_its_end_and_says_what(office: SmallOffice) -> None:
    """Nothing to say where nothing is old; a line per kind where something is."""
    _take(office, "demo")
    steps = night_steps(office.project, _params(office), None, None, Silent())
    assert steps.prune().startswith("on disk: store ")

    log = office.project.build / "logs" / "old.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_text("x")
    os.utime(log, (0, 0))

    assert steps.prune().splitlines()[0].split() == ["private", "logs", "1", "build/logs/old.log"]
    assert not log.exists()


def test_the_day_of_a_build_is_given(office: SmallOffice) -> None:
    """What is too old on one day is not on another."""
    sources = (office.root / "params" / "sources.yml").read_text()
    office.sources(sources.replace("kind: duckdb", "kind: duckdb\n    freshness: {then: stop}", 1))
    _take(office, "demo")

    plan = plan_now(office.project, _params(office), ONE, Which(date(2026, 5, 13)))

    assert plan.night == NIGHT
    with pytest.raises(ExtractHeldError, match="3 days old; at most 2 days is agreed"):
        plan_now(office.project, _params(office), ONE, Which(date(2026, 5, 14)))
