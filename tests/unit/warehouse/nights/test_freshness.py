"""A night that is too old to build on, where its source says stop."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from lpe_reports.errors import ExtractHeldError
from lpe_reports.params.sources import Sources
from lpe_reports.warehouse.nights.folders import find_night
from lpe_reports.warehouse.nights.freshness import refuse_if_too_old
from small_warehouse import NIGHT, SmallOffice, small_office

pytestmark = pytest.mark.promise(
    "warehouse", "A night older than agreed brings a banner or a stop, as params say"
)


@pytest.fixture
def office(tmp_path: Path) -> SmallOffice:
    made = small_office(tmp_path, operations=4)
    made.extract()
    return made


def _sources(office: SmallOffice, freshness: str, name: str = "demo") -> Sources:
    text = (office.root / "params" / "sources.yml").read_text()
    text = text.replace("    kind:", f"    freshness: {freshness}\n    kind:")
    office.sources(text.replace("  demo:\n", f"  {name}:\n").replace(": demo\n", f": {name}\n"))
    return office.params.sources


def test_a_night_on_its_last_day_is_fresh(office: SmallOffice) -> None:
    """Three days are agreed: it holds on the third, and not on the fourth."""
    night, sources = find_night(office.project), _sources(office, "{days: 3, then: stop}")

    refuse_if_too_old(night, sources, NIGHT + timedelta(days=3))

    with pytest.raises(ExtractHeldError) as error:
        refuse_if_too_old(night, sources, NIGHT + timedelta(days=4))
    assert error.value.exit_code == 6
    assert str(error.value).startswith(
        "the night 2026-05-11 of source 'demo' is 4 days old; at most 3 days is agreed"
    )


def test_a_banner_stops_nothing(office: SmallOffice) -> None:
    """The site says that it is old when somebody reads it."""
    night, sources = find_night(office.project), _sources(office, "{days: 3, then: banner}")

    refuse_if_too_old(night, sources, date(2030, 1, 1))


def test_a_source_that_is_not_described_is_not_judged(office: SmallOffice) -> None:
    """What was agreed for another one says nothing of it."""
    night = find_night(office.project)

    refuse_if_too_old(night, _sources(office, "{then: stop}", "other"), date(2030, 1, 1))
