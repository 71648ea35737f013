"""Data quality says what the load found: rows and rules, and no value that tells of anybody."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from lpe_reports.params.sources import Freshness
from lpe_reports.render.edition import Edition
from lpe_reports.render.indexes.quality import quality_page
from lpe_reports.render.indexes.quality_tables import exact_share
from lpe_reports.warehouse.nights.manifest import CheckCount, Manifest
from sample_night import (
    FULL_NIGHT,
    LINKS,
    NEEDS,
    NIGHT,
    OPERATIONS,
    SESSIONS,
    TARGETS,
    sample_loads,
    sample_night,
    sample_table,
)
from sample_site import make_project, read_params, site_of

Drawn = Callable[..., str]
LIMITS = Freshness(days=2, tables={"operations": 2, "needs": 1, "contacts": 3})


@pytest.fixture
def drawn(tmp_path: Path) -> Drawn:
    """The page of a night, with what is agreed about its source's freshness."""
    project = make_project(tmp_path)
    params = read_params(project)

    def made(manifest: Manifest = FULL_NIGHT, limits: Freshness = LIMITS, **given: object) -> str:
        entry = params.sources.get("files").model_copy(update={"freshness": limits})
        sources = params.sources.model_copy(
            update={"sources": {**params.sources.sources, "files": entry}}
        )
        site = site_of(project, replace(params, sources=sources))
        edition = Edition(site, NIGHT, manifest=manifest, **given)  # type: ignore[arg-type]
        return quality_page(edition).markdown.replace("\\", "").replace("\u00a0", " ")

    return made


def of_section(page: str, heading: str) -> str:
    """The part of a page under a heading of the second level."""
    return page.split(f"<h2>{heading}</h2>")[1].split("<h2>")[0]


def test_the_lead_says_what_was_read_kept_and_lost(drawn: Drawn) -> None:
    """In numbers that are true of an increment too: what was read tonight, what the night has."""
    page = drawn()

    assert "I natt lästes 95 730 rader: allt i tre tabeller och det som var nytt i två." in page
    assert "Uttaget har nu 2 207 287 rader; 21 rader är undantagna" in page
    assert "undantagna, 350 dubbletter borttagna och fyra rader rättade." in page
    assert "Nio rader i historiken hade ändrats utan att källan sade det." in page


def test_the_lead_of_a_night_without_fault_says_so(drawn: Drawn) -> None:
    """One table, one row: its words are in the singular."""
    page = drawn(sample_night(sample_table("needs", 1)), Freshness())

    assert "I natt lästes 1 rad ur en tabell. Uttaget har nu 1 rad; ingen rad är" in page
    assert "Alla rader klarade alla kontroller." in page
    assert "står stilla" not in page.split("<h2>Färskhet")[0].replace("Tabeller som står", "")


def test_each_table_tells_how_it_was_read(drawn: Drawn) -> None:
    """All of it, what had changed, or missing days; and when it was last read whole."""
    load = of_section(drawn(), "Laddning")

    assert '<td class="text">det som hade ändrats</td>' in load
    assert "dagar som inte fanns" in load
    assert "2026-05-09" in load
    assert "<td>60 186</td><td>21</td><td>350</td><td>4</td><td>1 204</td><td>0</td>" in load
    assert "Efter natten" in load


def test_each_broken_rule_is_told_in_plain_words(drawn: Drawn) -> None:
    """With its rows, what it demands and what became of them; those set aside come first."""
    found = of_section(drawn(), "Kontroller")

    assert found.index("Okänd enhet") < found.index("Samma rad två gånger")
    assert found.index("Värde utanför gränserna") < found.index("Två samtidigt i en sal")
    assert '<td>350</td><td class="text">borttagna</td>' in found
    assert "Dagen för beslut får inte vara senare än dagen för operationsstart." in found
    assert "Värdet ska ligga inom sina gränser, i ASA-klass (1–6)." in found
    assert "Utan anmärkning: operationsbehov, väntelistor, salspass och mål." in found


def test_only_spellings_that_tell_of_nobody_are_shown(drawn: Drawn) -> None:
    """Of units and codes, without digits; that there are others is said."""
    page = of_section(drawn(), "Okända stavningar")

    assert "”Hu C op” (9), andra, som inte visas" in page
    assert "Sal 7" not in page
    assert "<td>20</td><td>0,03 %</td>" in page


def test_no_spelling_of_a_free_column_is_ever_shown(drawn: Drawn) -> None:
    """Whatever a manifest holds of it."""
    check = CheckCount("unknown_code", ("removed_reason",), "row", 50)
    table = replace(NEEDS, checks=(check,), unknown={"removed_reason": {"Ringde Anna": 50}})

    page = drawn(sample_night(table))

    assert "Ringde" not in page
    assert "visas inte" in page


def test_freshness_is_judged_in_words_against_what_is_agreed(drawn: Drawn) -> None:
    """Also for a table that should be there and is not; without a limit nothing is judged."""
    old = replace(NEEDS, latest_event_at="2026-05-08T12:00:00+00:00")
    page = drawn(sample_night(OPERATIONS, old, SESSIONS, TARGETS))
    fresh = of_section(page, "Färskhet") if "<h2>Färskhet" in page else page

    rows = {
        line.split("</a>")[0].split(">")[-1]: line for line in fresh.splitlines() if "<tr" in line
    }
    assert "färsk" in rows["Operationer"] and "1 dag gammal" in rows["Operationer"]
    assert "står stilla" in rows["Operationsbehov"] and "högst 1 dag" in rows["Operationsbehov"]
    assert "bedöms inte" in rows["Salspass"] and "framåt i tiden" in rows["Salspass"]
    assert "står stilla" in rows["Besök"] and "ingen" in rows["Besök"]
    assert "Har ingen tid att mäta mot: mål." in fresh
    assert "Två tabeller står stilla." in page
    assert "färskt till och med 13 maj 2026" in page


def test_history_that_changed_in_silence_is_told(drawn: Drawn) -> None:
    """With the night that it was compared with; without increments there is nothing to compare."""
    page = of_section(drawn(), "Ändrad historik")
    assert "2026-05-10</td><td>2</td><td>7</td><td>0</td>" in page
    assert "var sjunde dag" in page

    alone = of_section(drawn(sample_night(SESSIONS)), "Ändrad historik")
    assert "Ingen tabell läses bara till sina ändringar." in alone


def test_a_night_accepted_by_hand_and_made_up_data_say_so(drawn: Drawn) -> None:
    """Nobody takes either for an ordinary night."""
    assert "godkänt den här natten för hand" in drawn(replace(FULL_NIGHT, accepted=True))
    assert "påhittade" in drawn(sample_night(OPERATIONS, source="demo", demo=True))
    assert "för hand" not in drawn()
    assert "gånger innan allt var läst" in drawn(replace(FULL_NIGHT, attempts=3))


def test_nights_and_links_are_told_where_they_are_known(drawn: Drawn) -> None:
    """The last nights in a table; which rows lead to another table's."""
    page = drawn(loads=sample_loads(FULL_NIGHT), links=LINKS)

    assert "De senaste 14 nätterna" in page
    assert page.count("godkänd för hand") == 1
    assert "+4 516 sedan 10 maj 2026" in page
    linked = of_section(page, "Koppling mellan tabeller")
    assert "<td>60 186</td><td>91,4 %</td><td>5 186</td><td>10</td>" in linked


def test_a_share_says_all_only_of_all() -> None:
    """And nothing only of nothing, however it is rounded."""
    assert exact_share(54_877, 54_881) == "över 99,9\u00a0%"
    assert exact_share(3, 256_152, decimals=2) == "under 0,01\u00a0%"
    assert exact_share(7, 7) == "100,0\u00a0%"
    assert exact_share(0, 7) == "0,0\u00a0%"
    assert exact_share(0, 0) == "–"


def test_planted_faults_are_compared_with_what_was_found(drawn: Drawn) -> None:
    """In the demo only; one that is missed stands out, and a table that is not there."""
    faults = of_section(drawn(sample_night(OPERATIONS, source="demo", demo=True)), "Planterade fel")
    rows = {
        line.split("</th>")[0].split(">")[-1]: line
        for line in faults.splitlines()
        if line.startswith("<tr><th") and "scope" in line
    }

    assert "hittat" in rows["Tre operationer har ASA 7, som inte finns."]
    assert "inte hittat" in rows["Fyra operationer saknar operationsenhet."]
    postop = rows["Två vårdtider på postop slutar innan de börjar."]
    assert "tabellen saknas" in postop
    assert "Fem av tio hittades i natt." in faults or " av 10 hittades i natt." in faults
    assert "Planterade fel" not in drawn()
