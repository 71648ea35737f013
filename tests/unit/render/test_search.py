"""The search index: what is in it, in which order, and the same bytes each time."""

import gzip
import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from lpe_reports.params.loading import Params
from lpe_reports.periods import parse_period
from lpe_reports.render.edition import Edition
from lpe_reports.render.page_numbers import PageNumbers
from lpe_reports.render.page_store import StoredPage
from lpe_reports.render.search import period_names, records_of, search_files, subject_names
from lpe_reports.render.search_index import Record, index_files
from sample_site import make_project, read_params, site_of, spot

NIGHT = date(2026, 5, 11)
PAGE = {
    "title": "<Ortopedi> & vecka",
    "summary": "Allt är som vanligt.",
    "comment": "Många kottar.",
    "key_figures": [{"label": "Öppna salar"}],
    "tables": [{"caption": "Väntande"}, {"caption": "Väntande"}],
}


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    """Four weeks of Ortopedi, of which the last is not over, and a page of another report."""
    project = make_project(tmp_path_factory.mktemp("project"))
    params = read_params(project)
    spots = [spot(params, "weekly", "ortopedi", f"2026-W{week}") for week in (17, 18, 19, 20)]
    spots.append(spot(params, "utilisation", "hu-cop", "2026-04"))
    return Edition(site=site_of(project, params, *spots), night=NIGHT)


@pytest.fixture
def params(edition: Edition) -> Params:
    """The repository's own."""
    return edition.site.params


def fragments(files: dict[str, bytes]) -> dict[str, dict[str, Any]]:
    """What is shown of each hit, by its address."""
    found = {}
    for name, data in files.items():
        if name.endswith(".pf_fragment"):
            content = json.loads(gzip.decompress(data).removeprefix(b"pagefind_dcd"))
            found[content["meta"]["adress"]] = content
    return found


def indexed(edition: Edition, folder: Path) -> dict[str, bytes]:
    """The index of the version."""
    path = folder / "page.json"
    path.write_text(json.dumps(PAGE), encoding="utf-8")
    (folder / "page.html").write_text(
        "<nav><h2>Meny</h2></nav><main><h1>Om sidorna</h1><p class='lead'>Hur de görs.</p>"
        "<h2>Små tal</h2><p>Mycket text.</p></main>",
        encoding="utf-8",
    )
    spots = [each for unit in edition.site.units for each in unit.spots]
    numbers = [PageNumbers(each, path, "") for each in spots]
    index = StoredPage(folder, {}, None)
    addresses = ("index", "om/index", "enheter/ortopedi/index", "nyttjande/nyttjandegrad/x/index")
    return search_files(edition, numbers, dict.fromkeys(addresses, index))


def test_the_index_holds_pages_units_reports_words_and_the_offices_pages(
    edition: Edition, tmp_path: Path
) -> None:
    """Each once; lists of periods are left out, for their pages are found."""
    found = fragments(indexed(edition, tmp_path))
    weekly = "uppfoljning/veckouppfoljning"

    assert {place for place in found if not place.startswith("sa-raknar-vi/")} == {
        *(f"{weekly}/ortopedi/2026-W{week}.html" for week in (17, 18, 19, 20)),
        "nyttjande/nyttjandegrad/hu-cop/2026-04.html",
        "enheter/ortopedi/index.html",
        "enheter/hu-cop/index.html",
        "om/index.html",
        *(
            f"{report.area}/{report.slug}/index.html"
            for report in edition.site.params.reports.values()
        ),
    }
    entries = {f"sa-raknar-vi/index.html#{e.id}" for e in edition.site.params.glossary.entries}
    assert entries <= found.keys()


def test_a_hit_tells_what_it_is_and_what_is_on_it(edition: Edition, tmp_path: Path) -> None:
    """Title, report and days, the sentence, and captions; signs of markup stay signs."""
    found = fragments(indexed(edition, tmp_path))
    week = found["uppfoljning/veckouppfoljning/ortopedi/2026-W19.html"]

    assert week["meta"] == {
        "title": "<Ortopedi> & vecka",
        "slag": "Veckouppföljning · 4–10 maj 2026",
        "text": "Allt är som vanligt.",
        "delar": "Många kottar. | Öppna salar | Väntande",
        "adress": "uppfoljning/veckouppfoljning/ortopedi/2026-W19.html",
    }
    assert found["om/index.html"]["meta"]["delar"] == "Små tal"
    assert "Meny" not in found["om/index.html"]["content"]


def test_what_a_search_is_narrowed_to_comes_with_each_page(
    edition: Edition, tmp_path: Path
) -> None:
    """Area, unit and kind of period; a report has its area, a unit its name, words nothing."""
    found = fragments(indexed(edition, tmp_path))

    week = found["uppfoljning/veckouppfoljning/ortopedi/2026-W19.html"]
    assert week["filters"] == {
        "omrade": ["Uppföljning"], "enhet": ["Ortopedi"], "period": ["Vecka"],
    }  # fmt: skip
    month = found["nyttjande/nyttjandegrad/hu-cop/2026-04.html"]
    assert month["filters"]["period"] == ["Månad"]
    assert found["enheter/ortopedi/index.html"]["filters"] == {"enhet": ["Ortopedi"]}
    report = found["nyttjande/nyttjandegrad/index.html"]
    assert report["filters"] == {"omrade": ["Nyttjande"]}
    assert found["om/index.html"]["filters"] == {}


def test_equals_come_newest_first(edition: Edition, tmp_path: Path) -> None:
    """The unit, its newest whole week, the week under way, words, earlier weeks."""
    (tmp_path / "page.json").write_text(json.dumps(PAGE), encoding="utf-8")
    spots = [each for unit in edition.site.units for each in unit.spots]
    numbers = [PageNumbers(each, tmp_path / "page.json", "") for each in spots]

    places = [record.place for record in records_of(edition, numbers, {})]

    ours = [re.sub(r".*/", "", place) for place in places if "/ortopedi/" in place]
    assert ours == [
        "index.html", "2026-W19.html", "2026-W20.html", "2026-W18.html", "2026-W17.html",
    ]  # fmt: skip
    ends_earlier = places.index("nyttjande/nyttjandegrad/hu-cop/2026-04.html")
    assert places.index("uppfoljning/veckouppfoljning/ortopedi/2026-W19.html") < ends_earlier
    first_word = next(n for n, place in enumerate(places) if "#" in place)
    assert places.index("uppfoljning/veckouppfoljning/ortopedi/2026-W20.html") < first_word
    assert places.index("uppfoljning/veckouppfoljning/ortopedi/2026-W18.html") > first_word


def test_a_unit_is_found_by_all_its_names(params: Params) -> None:
    """Its own, those of each system, its hospital, its sections."""
    names = subject_names(params, params.reports["utilisation"].subject("hu-cop"))
    assert {"Centraloperation Hudiksvall", "Hu - C-op", "OPHU", "Hudiksvalls sjukhus"} <= set(names)

    names = subject_names(params, params.reports["weekly"].subject("kirurgi"))
    assert {"VO Kirurgi", "Urologi", "Uro"} <= set(names)


@pytest.mark.parametrize(
    ("period", "names"),
    [
        ("2026-W08", ("vecka 8 2026", "2026-8", "2026-W08", "v8", "v.8")),
        ("2026-05", ("maj 2026", "2026-05")),
        ("2026-Q2", ("kvartal 2 2026", "2026 kv 2", "2026-Q2")),
        ("2025", ("2025",)),
    ],
)
def test_a_period_is_found_however_it_is_written(period: str, names: tuple[str, ...]) -> None:
    """As a title, a table and an address have it."""
    assert period_names(parse_period(period)) == names


def test_the_index_is_the_same_bytes_each_time_and_names_no_host() -> None:
    """So that versions share its files, and no browser is led anywhere."""
    within = (("omrade", "Nyttjande"), ("period", "Månad"))
    records = [
        Record(place=f"a/{n}.html", title=f"Sida {n}", kind="Sida", within=within)
        for n in range(30)
    ]
    files = index_files(records)

    assert files == index_files(records)
    assert b"example" not in files["search/pagefind.js"]
    assert not re.search(rb"https?:\\?/\\?/\w", files["search/pagefind.js"])
    assert {name.rpartition(".")[2] for name in files} == {
        "js", "json", "pagefind", "pf_filter", "pf_fragment", "pf_index", "pf_meta",
    }  # fmt: skip
