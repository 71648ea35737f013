""" "Så räknar vi": every entry with its rule, its limits, and what the rule was before."""

import re
from pathlib import Path

import pytest

from lpe_reports.render.edition import Edition
from lpe_reports.render.indexes.definitions import definitions_page
from sample_site import NIGHT, make_project, read_params, site_of

FORMER = """\
    former:
      - {definition: Alla som stod på listan., valid_to: 2010-06-30, source: Överenskommelse}
"""


@pytest.fixture
def page(tmp_path: Path) -> str:
    """The page of a glossary in which the guarantee was reckoned otherwise before."""
    project = make_project(tmp_path)
    path = project.params / "glossary.yml"
    text = path.read_text(encoding="utf-8")
    entry, rest = text.split("  - id: guarantee_share_performed\n")
    path.unlink()
    path.write_text(f"{entry}{FORMER}  - id: guarantee_share_performed\n{rest}", encoding="utf-8")
    site = site_of(project, read_params(project))
    return definitions_page(Edition(site, NIGHT)).markdown.replace("\\", "")


def entry(page: str, name: str) -> str:
    return page.split(f'id="{name}"')[1].split("</div>")[0]


def test_entry_shows_its_limit_and_since_when(page: str) -> None:
    """The guarantee's rules, list by list and time by time; and the entry's first day."""
    shown = entry(page, "guarantee_share_waiting")

    assert "Operation, från 2017-04-01: Behandling inom 90 dagar från beslutet om den." in shown
    assert "Första kontakt, från 2010-07-01 till och med 2017-03-31: Besök" in shown
    assert "<dt>Gäller från</dt><dd>2010-07-01</dd>" in shown


def test_entry_shows_how_it_was_counted_before(page: str) -> None:
    """Until when, how, and where that stood; an entry without a past shows none."""
    shown = entry(page, "guarantee_share_waiting")

    assert "Till och med 2010-06-30: Alla som stod på listan. (Överenskommelse)" in shown
    assert "Räknades tidigare" not in entry(page, "operations")


def test_every_name_is_found_by_the_alphabet(page: str) -> None:
    """Each entry once, with ö after z, and each leads to its place."""
    listed = page.split("i bokstavsordning</summary>")[1].split("</details>")[0]
    places = re.findall(r'<a href="#(\w+)">([^<]+)</a>', listed)

    assert [place for place, _ in places] != [place for place, _ in sorted(places)]
    assert len(places) == page.count("data-row")
    assert all(f'id="{place}"' in page for place, _ in places)
    names = [name for _, name in places]
    assert names[0].startswith("A")
    assert names[-1].startswith("Ö")
