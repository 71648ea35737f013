"""The office's facts as the site shows them; how the site looks and is built is `_quarto.yml`."""

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from lpe_reports.params.reading import ParamsModel, read_model
from lpe_reports.params.reports import Area

Text = Annotated[str, Field(min_length=1, max_length=2000)]
Email = Annotated[str, Field(pattern=r"^[^@\s<>\"]+@[^@\s<>\"]+$", max_length=200)]


class AccessibilityStatement(ParamsModel):
    """What the accessibility statement (tillgänglighetsredogörelse) may honestly say.

    Fields:
        supervisor: Who supervises the law.
        supervisor_address: Where one complains to them.
        meets_the_law: Whether the site does: fully, partly, not.
        assessed_on: When someone outside the project last judged that; none where nobody has.
        updated_on: When the statement was last changed.
        manual_checks: What a person has gone through, a sentence each.
        known_problems: What is not accessible, why, and what there is instead, a text each.
    """

    supervisor: Text
    supervisor_address: Annotated[str, Field(pattern=r"^https://")]
    meets_the_law: Literal["fully", "partly", "not"] = "partly"
    assessed_on: date | None = None
    updated_on: date | None = None
    manual_checks: list[Text] = []
    known_problems: list[Text] = []


class Site(ParamsModel):
    """Who the site is from, and whom a reader turns to.

    Fields:
        office: The office's name, in the header of every page.
        suffix: The word after it ("rapporter").
        organisation: Who answers for the site by law, as a sentence begins.
        about: What the site is, in a few sentences, for the front page and "Om".
        contact: Where "Fel på sidan?" goes.
        areas: One sentence per area, by its slug; their names stand in the navbar.
        periods_shown: How many rows of weeks or months a table shows before the reader asks
            for more.
        accessibility: What the accessibility statement says.
    """

    office: Annotated[str, Field(min_length=1, max_length=60)]
    suffix: Annotated[str, Field(max_length=30)] = "rapporter"
    organisation: Annotated[str, Field(min_length=1, max_length=60)]
    about: Text
    contact: Email
    areas: dict[Area, Text]
    periods_shown: Annotated[int, Field(ge=4, le=60)] = 8
    accessibility: AccessibilityStatement


def load_site(path: Path, root: Path) -> Site:
    """The site of `params/site.yml`.

    Raises:
        ParamsError: It is wrong; names file and line.
    """
    return read_model(path, Site, root)
