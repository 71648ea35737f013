"""From a source's spelling of a unit to the unit."""

import unicodedata

import pyarrow as pa
import pytest

from lpe_reports.params.sources import SourceEntry, TableSource
from lpe_reports.params.units import load_units
from lpe_reports.warehouse.aliases import UnitAliases, plain, translate
from lpe_reports.warehouse.distinct import decoded, distinct_texts
from small_warehouse import ROOT

UNITS = load_units(ROOT / "params" / "units.yml", ROOT)
ENTRY = SourceEntry(
    kind="duckdb",
    path="x.duckdb",
    aliases={
        "operating_unit": {"Operation Bollnäs": "bo-opc"},
        "hospital": {"Annan": "other"},
        "any": {"Hela länet": "kirurgi"},
    },
    tables={"operations": TableSource()},
)
ALIASES = UnitAliases(UNITS, ENTRY)


@pytest.mark.parametrize(
    ("kinds", "spelling", "unit"),
    [
        (("operating_unit",), "Hu - C-op", "hu-cop"),
        (("operating_unit",), "hu  -  c-OP", "hu-cop"),
        (("operating_unit",), "hu-cop", "hu-cop"),
        (("operating_unit",), "Centraloperation Hudiksvall", "hu-cop"),
        (("operating_unit",), "operation bollnäs", "bo-opc"),
        (("vo",), "ÖNH", "onh"),
        (("section",), "ÖNH", "onh-op"),
        (("section",), "Ort", "ort"),
        (("section",), "Ögon", "ogon-op"),
        (("vo", "section"), "Ögon", "ogon"),
        (("clinic",), "Ögonmottagning\u00a0Gävle", "ogon-mott-ga"),
        (("hospital",), "Annan", "other"),
        (("clinic",), "Hela länet", "kirurgi"),
    ],
)
def test_spelling_leads_to_its_unit(kinds: tuple[str, ...], spelling: str, unit: str) -> None:
    """Ids, names, short names and aliases, whatever the case and the spaces."""
    assert ALIASES.spellings(kinds)[plain(spelling)] == unit


def test_letters_may_be_encoded_in_two_ways() -> None:
    """A file from a Mac writes Ö as O and two dots."""
    apart = unicodedata.normalize("NFD", "Ögonmottagning Gävle")

    assert ALIASES.spellings(("clinic",))[plain(apart)] == "ogon-mott-ga"


def test_spelling_of_another_kind_is_unknown() -> None:
    """A clinic is no operating unit."""
    texts = distinct_texts(pa.array(["Ort mott Gä", "Hu - C-op", None, ""]))

    translated = decoded(translate(texts, ALIASES.spellings(("operating_unit",))))

    assert translated.to_pylist() == ["?", "hu-cop", None, None]
