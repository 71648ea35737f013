"""The accessibility statement: what the law asks for, and nothing that was not done."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from lpe_reports.render.edition import Edition
from lpe_reports.render.indexes.accessibility import accessibility_page
from sample_site import NIGHT, make_project, read_params, site_of


def statement(root: Path, **changes: Any) -> str:
    """The page of a site whose params say so."""
    project = make_project(root)
    params = read_params(project)
    said = params.site.accessibility.model_copy(update=changes)
    site = params.site.model_copy(update={"accessibility": said})
    params = replace(params, site=site)
    return accessibility_page(Edition(site=site_of(project, params), night=NIGHT)).markdown.replace(
        "\\", ""
    )


def test_the_statement_has_the_parts_that_the_law_asks_for(tmp_path: Path) -> None:
    """Who, how well, what not and why, how it was tried, where to tell of more, who supervises."""
    page = statement(tmp_path)

    assert "Regionen står bakom den här webbplatsen" in page
    assert "lagen (2018:1937) om tillgänglighet till digital offentlig service" in page
    assert "delvis förenlig med lagen" in page
    assert "inte prövats med skärmläsare" in page
    assert 'href="mailto:analys@example.invalid' in page
    assert 'href="https://www.digg.se/tdosanmalan"' in page
    assert "oskäligt betungande" in page
    assert "Inga brister är kända" not in page


@pytest.mark.parametrize(
    ("changes", "told", "not_told"),
    [
        ({"manual_checks": []}, "Ingen granskning för hand har gjorts", "gåtts igenom särskilt"),
        ({"manual_checks": ["Med <lupp>."]}, "<li>Med &lt;lupp&gt;.</li>", "Ingen granskning"),
        ({"assessed_on": date(2026, 5, 18)}, "gjordes 18 maj 2026", "utomstående"),
        ({"updated_on": date(2026, 5, 19)}, "uppdaterades senast 19 maj 2026", "bedömningen"),
        (
            {"meets_the_law": "fully", "known_problems": []},
            "helt förenlig med lagen; inga brister är kända",
            "delvis",
        ),
        ({"meets_the_law": "not"}, "inte förenlig med lagen", "delvis"),
    ],
)
def test_the_statement_says_what_params_say(
    tmp_path: Path, changes: dict[str, Any], told: str, not_told: str
) -> None:
    """Checks that a person made, the days, how well the law is met: from params, as text."""
    page = statement(tmp_path, **changes)

    assert told in page
    assert not_told not in page
