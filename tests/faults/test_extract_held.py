"""A night that a person has to look at first, from the command line: held, accepted, overtaken."""

import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from command_line import Told, lpe
from lpe_reports.warehouse.nights.folders import nights
from parsed_params import share_parsed_params
from small_warehouse import NIGHT, ROOT, SmallOffice, operation, small_office, waiting

pytestmark = pytest.mark.promise(
    "warehouse", "A night with too many or too few rows is held until a person lets it through"
)

SOURCES = """
default: demo
limits: {row_change_from: 20}
sources:
  demo:
    kind: duckdb
    demo: true
    demo_key_secret: the demo has nothing to hide
    path: data/demo/warehouse.duckdb
    aliases: {hospital: {Annan: other}}
    freshness: {days: 3, then: banner}
    tables: {operations: {}, needs: {}, waiting_list: {}, sessions: {}}
  twin:
    kind: duckdb
    demo: true
    demo_key_secret: the demo has nothing to hide
    path: data/demo/warehouse.duckdb
    aliases: {hospital: {Annan: other}}
    tables: {operations: {}, needs: {}, waiting_list: {}, sessions: {}}
"""


@pytest.fixture
def office(tmp_path: Path) -> SmallOffice:
    """A project whose first night has 100 operations, 25 of each unit."""
    made = small_office(tmp_path)
    shutil.rmtree(tmp_path / "params")
    shutil.copytree(ROOT / "params", tmp_path / "params")
    shutil.copytree(ROOT / "reports", tmp_path / "reports")
    shutil.copy(ROOT / "_quarto.yml", tmp_path)
    made.sources(SOURCES)
    share_parsed_params(made.project)
    made.extract()
    return made


def _lpe(office: SmallOffice, *arguments: str) -> Told:
    return lpe(office.root, *arguments)


def _lose_operations(office: SmallOffice) -> None:
    office.tables["operations"] = [operation(number) for number in range(60)]
    office.write()


def _names(office: SmallOffice) -> list[str]:
    return sorted(path.name for path in office.project.extracts.iterdir())


def test_a_night_that_lost_rows_is_held_and_told(office: SmallOffice) -> None:
    """Exit code 6; table, unit, counts before and now, what to do; the night before stays."""
    _lose_operations(office)

    held = _lpe(office, "extract")

    assert held.returncode == 6
    assert held.stderr.splitlines()[-7:] == [
        "lpe: the night 2026-05-11 of source 'demo' is held; what was loaded before stays in use:",
        "  operations: 100 rows on 2026-05-11, 60 now (-40 %)",
        "  operations, bo-opc: 25 rows on 2026-05-11, 15 now (-40 %)",
        "  operations, ga-cop: 25 rows on 2026-05-11, 15 now (-40 %)",
        "  operations, ga-dagkir: 25 rows on 2026-05-11, 15 now (-40 %)",
        "  operations, hu-cop: 25 rows on 2026-05-11, 15 now (-40 %)",
        "If that is right, `lpe extract --source demo --accept --as-of 2026-05-11` lets it "
        "through; if not, mend the source and run `lpe extract` again. It lies in "
        "data/extracts/.held-2026-05-11, and so do its new waiting lists, which are stored when it "
        "is accepted",
    ]
    assert _names(office) == [".held-2026-05-11", "2026-05-11"]
    assert (
        _lpe(office, "plan", "--report", "utilisation")
        .stdout.splitlines()[-1]
        .startswith("night 2026-05-11:")
    )


def test_a_nightly_that_is_held_publishes_nothing(office: SmallOffice) -> None:
    """Exit code 6 before any notebook runs."""
    _lose_operations(office)

    assert _lpe(office, "nightly").returncode == 6
    assert not office.project.public.exists()
    assert not office.project.store.exists()


def test_an_accepted_night_is_taken_as_it_is(office: SmallOffice) -> None:
    """It is the newest night then, its new waiting list is stored, and the next one passes."""
    day = NIGHT + timedelta(days=1)
    office.tables["waiting_list"] += [waiting(n, "operation", day) for n in range(20)]
    _lose_operations(office)
    assert _lpe(office, "extract").returncode == 6
    stored = office.project.snapshots / "operation" / f"{day}.parquet"
    assert not stored.exists()

    accepted = _lpe(office, "extract", "--accept")

    assert accepted.returncode == 0, accepted.stderr
    assert accepted.stdout.splitlines()[-6:] == [
        "accepted though: operations: 100 rows on 2026-05-11, 60 now (-40 %)",
        "accepted though: operations, bo-opc: 25 rows on 2026-05-11, 15 now (-40 %)",
        "accepted though: operations, ga-cop: 25 rows on 2026-05-11, 15 now (-40 %)",
        "accepted though: operations, ga-dagkir: 25 rows on 2026-05-11, 15 now (-40 %)",
        "accepted though: operations, hu-cop: 25 rows on 2026-05-11, 15 now (-40 %)",
        "data/extracts/2026-05-12: night 2026-05-12, source demo, accepted",
    ]
    assert stored.exists()
    assert _names(office) == ["2026-05-11", "2026-05-12"]
    assert _lpe(office, "extract").returncode == 0


def test_accepting_when_nothing_is_held_loads_nothing(office: SmallOffice) -> None:
    """A source that broke since then must not be let through by yesterday's word."""
    _lose_operations(office)

    told = _lpe(office, "extract", "--accept")

    assert told.returncode == 2
    assert told.stderr == (
        "lpe: no night of source 'demo' is held that could be accepted; nothing was loaded and "
        "nothing let through. `lpe extract` loads one, and holds it if a person should look\n"
    )
    assert _names(office) == ["2026-05-11"]


@pytest.mark.parametrize("more", [["--full"], ["--replace-snapshot", str(NIGHT)]])
def test_nothing_is_accepted_that_is_loaded_anew(office: SmallOffice, more: list[str]) -> None:
    """What nobody has looked at yet is not let through, and what is held stays."""
    _lose_operations(office)
    assert _lpe(office, "extract").returncode == 6

    told = _lpe(office, "extract", "--accept", *more)

    assert told.returncode == 2
    assert "Load it first; if it is held, look at it and accept it" in told.stderr
    assert _names(office) == [".held-2026-05-11", "2026-05-11"]


def test_what_another_source_holds_is_not_accepted(office: SmallOffice) -> None:
    """Each source's held night is its own."""
    assert _lpe(office, "extract", "--source", "twin").returncode == 0
    _lose_operations(office)
    assert _lpe(office, "extract", "--source", "twin").returncode == 6

    told = _lpe(office, "extract", "--source", "demo", "--accept")

    assert told.returncode == 2
    assert ".held-2026-05-11" in _names(office)


def test_a_night_that_others_have_overtaken_is_accepted_by_name(office: SmallOffice) -> None:
    """Held on the 12th, a good one on the 13th: the 12th takes its place between them."""
    first, second = (NIGHT + timedelta(days=days) for days in (1, 2))
    whole = office.tables["operations"]
    office.tables["waiting_list"] += [waiting(n, "operation", first) for n in range(20)]
    _lose_operations(office)
    assert _lpe(office, "extract").returncode == 6
    office.tables["operations"] = whole
    office.tables["waiting_list"] = [
        row for row in office.tables["waiting_list"] if row["snapshot_date"] != first
    ] + [waiting(n, "operation", second) for n in range(20)]
    office.write()
    good = _lpe(office, "extract")
    assert good.returncode == 0
    assert "held still: data/extracts/.held-2026-05-12" in good.stdout

    alone = _lpe(office, "extract", "--accept")
    assert alone.returncode == 2
    assert alone.stderr.splitlines()[1:] == [
        "  2026-05-12 is held (data/extracts/.held-2026-05-12), and was overtaken by a later "
        "night: look at it; `lpe extract --source demo --accept --as-of 2026-05-12` lets it through"
    ]
    told = _lpe(office, "extract", "--accept", "--as-of", str(first))

    assert told.returncode == 0, told.stderr
    assert [night.folder.name for night in nights(office.project)] == [
        "2026-05-11", "2026-05-12", "2026-05-13",
    ]  # fmt: skip
    assert (office.project.snapshots / "operation" / f"{first}.parquet").exists()


def test_a_list_taken_anew_by_name_waits_with_its_night(office: SmallOffice) -> None:
    """Held, the stored list is as it was; accepted, the new one stands and the old beside it."""
    office.tables["waiting_list"][-1]["asa"] = 1
    _lose_operations(office)
    lists = office.project.snapshots / "operation"
    before = (lists / f"{NIGHT}.parquet").read_bytes()

    held = _lpe(office, "extract", "--replace-snapshot", str(NIGHT))
    assert held.returncode == 6, held.stderr
    assert (lists / f"{NIGHT}.parquet").read_bytes() == before
    accepted = _lpe(office, "extract", "--accept", "--json")

    assert accepted.returncode == 0, accepted.stderr
    assert json.loads(accepted.stdout)["held_for"][0].startswith("operations: 100 rows on")
    assert json.loads(accepted.stdout)["replaced"] == [f"operation/{NIGHT}"]
    assert (lists / f"{NIGHT}.parquet").read_bytes() != before
    assert (lists / f"{NIGHT}.replaced-1.parquet").read_bytes() == before


@pytest.mark.promise(
    "warehouse", "A night older than agreed brings a banner or a stop, as params say"
)
def test_a_night_older_than_agreed_stops_the_build(office: SmallOffice) -> None:
    """`stop`: exit code 6 for plan and build, with night, source, age and what to do."""
    assert _lpe(office, "plan", "--report", "utilisation").returncode == 0
    office.sources(SOURCES.replace("then: banner", "then: stop"))

    for command in ("plan", "build"):
        told = _lpe(office, command, "--report", "utilisation")

        assert told.returncode == 6
        assert told.stderr.startswith("lpe: the night 2026-05-11 of source 'demo' is ")
        assert told.stderr.endswith(
            " days old; at most 3 days is agreed (freshness in params/sources.yml). Nothing was "
            "built and the published site is untouched. Run `lpe extract --source demo`; if it "
            "gives no newer night, the source stands still: ask those who fill it\n"
        )


def test_a_build_takes_the_newest_night_of_its_source(office: SmallOffice) -> None:
    """The default one's, though another was extracted later; or the one that is named."""
    day = NIGHT + timedelta(days=1)
    office.tables["waiting_list"] += [waiting(n, "operation", day) for n in range(20)]
    office.write()
    assert _lpe(office, "extract", "--source", "twin").returncode == 0

    plans = {
        arguments: _lpe(office, "plan", "--json", "--report", "utilisation", *arguments)
        for arguments in ((), ("--source", "twin"), ("--source", "files"))
    }

    assert json.loads(plans[()].stdout)["night"] == "2026-05-11"
    assert json.loads(plans["--source", "twin"].stdout)["night"] == "2026-05-12"
    assert plans["--source", "files"].returncode == 2


def test_a_source_without_an_extract_is_told(office: SmallOffice) -> None:
    """And of which sources there are extracts."""
    told = _lpe(office, "plan", "--source", "twin")

    assert told.returncode == 5
    assert told.stderr == (
        "lpe: there is no extract of source 'twin'; there are extracts of 'demo'. Run `lpe "
        "extract --source twin`, or name the source that you mean with --source\n"
    )
