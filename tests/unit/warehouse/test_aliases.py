"""From a source's spelling of a unit or a code to the one of the contract."""

import unicodedata
from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pytest

from lpe_reports.errors import ParamsError, UsageError
from lpe_reports.params.sources import Sources
from lpe_reports.params.units import Unit, Units
from lpe_reports.warehouse.aliases import Aliases, plain, presentable, translate
from lpe_reports.warehouse.columns import unit
from lpe_reports.warehouse.distinct import decoded, distinct_texts
from lpe_reports.warehouse.spellings import alias_problems
from lpe_reports.warehouse.tables import TABLES

pytestmark = pytest.mark.promise(
    "warehouse",
    "A spelling that leads to no unit or code is counted, told and, beyond a limit, refused",
)

UNITS = Units(
    [
        Unit(id="ga", kind="hospital", name="Gävle sjukhus", short="Gävle", slug="ga"),
        Unit(id="hu", kind="hospital", name="Hudiksvalls sjukhus", short="Hu", slug="hu"),
        Unit(
            id="hu-cop",
            kind="operating_unit",
            name="Centraloperation Hudiksvall",
            short="Hu - C-op",
            slug="hu-cop",
            aliases={"provisio": ["OPHU", "Op Hudik"]},
        ),
        Unit(id="ga-cop", kind="operating_unit", name="Op Gävle", short="Gä", slug="ga-cop"),
        Unit(id="ortopedi", kind="vo", name="Ortopedi", short="Ortopedi", slug="ortopedi"),
        Unit(id="onh", kind="vo", name="Öron, näsa och hals", short="ÖNH", slug="onh"),
        Unit(id="ort", kind="section", name="Ortopedi", short="Ort", slug="ort"),
        Unit(id="onh-op", kind="section", name="Öron, näsa, hals", short="ÖNH", slug="onh-op"),
    ]
)


def _sources(
    dim_alias: Mapping[str, Any] | None = None,
    *,
    tables: Mapping[str, Any] | None = None,
    **entry: Any,
) -> Sources:
    made = {"kind": "duckdb", "path": "x", "tables": tables or {"operations": {}}, **entry}
    systems = {"provisio": {}} | dict(dim_alias or {})
    return Sources.model_validate(
        {"default": "office", "dim_alias": systems, "sources": {"office": made}}
    )


def _spellings(sources: Sources, column: str, table: str = "operations") -> dict[str, str]:
    return Aliases(UNITS, sources, "office").spellings(table, TABLES[table].column(column))


def _codes(sources: Sources, column: str, table: str = "operations") -> dict[str, str | None]:
    return Aliases(UNITS, sources, "office").codes(table, TABLES[table].column(column))


@pytest.mark.parametrize(
    ("column", "spelling", "unit_id"),
    [
        ("operating_unit", "Hu - C-op", "hu-cop"),
        ("operating_unit", "hu  -  c-OP", "hu-cop"),
        ("operating_unit", "hu-cop", "hu-cop"),
        ("operating_unit", "Centraloperation\u00a0Hudiksvall", "hu-cop"),
        ("vo", "ÖNH", "onh"),
        ("section", "ÖNH", "onh-op"),
        ("section", "Ort", "ort"),
        ("patient_home", "OTHER", "other"),
        ("urgency", "Emergency", "emergency"),
    ],
)
def test_project_has_spellings_of_its_own(column: str, spelling: str, unit_id: str) -> None:
    """Ids, names, short names and the contract's codes, whatever the case and the spaces."""
    assert _spellings(_sources(), column)[plain(spelling)] == unit_id


def test_letters_may_be_encoded_in_two_ways() -> None:
    """A file from a Mac writes Ö as O and two dots."""
    apart = unicodedata.normalize("NFD", "Öron, näsa och hals")

    assert _spellings(_sources(), "vo")[plain(apart)] == "onh"


def test_spelling_of_another_kind_is_unknown() -> None:
    """A hospital is no operating unit."""
    texts = distinct_texts(pa.array(["Gävle", "Hu - C-op", None, ""]))

    translated = decoded(translate(texts, _spellings(_sources(), "operating_unit")))

    assert translated.to_pylist() == ["?", "hu-cop", None, None]


def test_first_kind_wins_where_a_column_takes_several() -> None:
    """Ortopedi is a VO and a section; a target is the VO's."""
    sources = _sources(
        tables={"targets": {}}, aliases={"section": {"Ortopedi": "ort"}, "vo": {"Öron": "onh"}}
    )
    known = _spellings(sources, "unit", "targets")

    assert (known["ortopedi"], known["öron"], known["ort"]) == ("ortopedi", "onh", "ort")


SYSTEMS = {
    "provisio": {
        "units": {"operating_unit": {"Operation": "hu-cop"}, "hospital": {"Övriga": "other"}},
        "codes": {"urgency": {"Planerad": "elective", "E": "elective"}, "sex": {"Okänt": None}},
    },
    "cosmic": {
        "units": {"operating_unit": {"Operation": "ga-cop"}},
        "codes": {"urgency": {"E": "emergency"}, "operations.sex": {"K": "F"}},
    },
}


def test_systems_spell_in_units_yml_and_in_dim_alias() -> None:
    """One mechanism: what stands in either is known where the system is named, and only there."""
    named, silent = _sources(SYSTEMS, systems=["provisio"]), _sources(SYSTEMS)

    assert _spellings(named, "operating_unit")["ophu"] == "hu-cop"
    assert _spellings(named, "operating_unit")["operation"] == "hu-cop"
    assert _spellings(named, "patient_home")["övriga"] == "other"
    assert not {"ophu", "operation"} & _spellings(silent, "operating_unit").keys()
    assert _codes(silent, "urgency") == {}


@pytest.mark.parametrize(
    ("systems", "unit_id", "code"),
    [
        (["provisio", "cosmic"], "ga-cop", "emergency"),
        (["cosmic", "provisio"], "hu-cop", "elective"),
    ],
)
def test_later_system_wins(systems: list[str], unit_id: str, code: str) -> None:
    """As the list in params/sources.yml says."""
    sources = _sources(SYSTEMS, systems=systems)

    assert _spellings(sources, "operating_unit")["operation"] == unit_id
    assert _codes(sources, "urgency") == {"planerad": "elective", "e": code}


def test_table_may_name_other_systems() -> None:
    """A list from another system in the same folder; an empty list means none."""
    tables = {
        "operations": {"systems": ["cosmic"]},
        "sessions": {},
        "needs": {"systems": []},
    }
    sources = _sources(SYSTEMS, systems=["provisio"], tables=tables)

    assert _spellings(sources, "operating_unit")["operation"] == "ga-cop"
    assert _spellings(sources, "operating_unit", "sessions")["operation"] == "hu-cop"
    assert "operation" not in _spellings(sources, "operating_unit", "needs")
    assert _codes(sources, "urgency", "needs") == {}


def test_own_spellings_win_over_those_of_systems() -> None:
    """The source's aliases, and the table's codes."""
    sources = _sources(
        SYSTEMS,
        systems=["provisio"],
        aliases={"operating_unit": {"Operation": "ga-cop"}},
        tables={"operations": {"codes": {"urgency": {"Planerad": "emergency"}}}},
    )

    assert _spellings(sources, "operating_unit")["operation"] == "ga-cop"
    assert _codes(sources, "urgency") == {"planerad": "emergency", "e": "elective"}


def test_code_of_another_table_is_left_alone() -> None:
    """`status` is a column of two tables, and a word is a code in one of them only."""
    systems = {"office": {"codes": {"status": {"Öppen": "open", "Klar": "done"}}}}
    tables: dict[str, Any] = {"sessions": {}, "activities": {}}
    sources = _sources(systems, systems=["office"], tables=tables)

    assert _codes(sources, "status", "sessions") == {"öppen": "open"}
    assert _codes(sources, "status", "activities") == {"klar": "done"}


def test_code_may_be_of_one_table() -> None:
    """`operations.sex` says nothing of other tables; null is a value that is not there."""
    sources = _sources(
        SYSTEMS, systems=["provisio", "cosmic"], tables={"operations": {}, "needs": {}}
    )

    assert _codes(sources, "sex") == {"okänt": None, "k": "F"}
    assert _codes(sources, "sex", "needs") == {"okänt": None}


def test_any_is_whatever_kind_the_unit_is_of() -> None:
    """So that a list of spellings need not be sorted by kind."""
    sources = _sources(aliases={"any": {"Hela länet": "ortopedi", "Annan": "other"}})

    assert _spellings(sources, "vo")["hela länet"] == "ortopedi"
    assert _spellings(sources, "patient_home")["annan"] == "other"
    assert "hela länet" not in _spellings(sources, "section")


WRONG: list[tuple[dict[str, Any], str]] = [
    (
        {"dim_alias": {"provisio": {"units": {"vo": {"Ortop": "ortopedie"}}}}},
        "params/sources.yml: dim_alias.provisio.units.vo.Ortop: 'Ortop' leads to no unit "
        "'ortopedie'; did you mean 'ortopedi'?",
    ),
    (
        {"dim_alias": {"provisio": {"units": {"operating_unit": {"Ortop": "ortopedi"}}}}},
        "params/sources.yml: dim_alias.provisio.units.operating_unit.Ortop: 'Ortop' leads to "
        "'ortopedi', which is of kind vo, not operating_unit",
    ),
    (
        {"dim_alias": {"provisio": {"units": {"vo": {"Annan": "other"}}}}},
        "params/sources.yml: dim_alias.provisio.units.vo.Annan: 'Annan' leads to 'other', which "
        "is of kind hospital, not vo",
    ),
    (
        {"dim_alias": {"provisio": {"units": {"operating_unit": {"op  HUDIK": "ga-cop"}}}}},
        "params/sources.yml: dim_alias.provisio.units.operating_unit.op  HUDIK: 'op  HUDIK' means "
        "both 'hu-cop' and 'ga-cop'",
    ),
    (
        {"aliases": {"vo": {"Ortop": "ortopedi", "ORTOP ": "onh"}}},
        "params/sources.yml: sources.office.aliases.vo.ORTOP : 'ORTOP ' means both 'ortopedi' and "
        "'onh'",
    ),
    (
        {"aliases": {"any": {"Axel": "axel"}}},
        "params/sources.yml: sources.office.aliases.any.Axel: 'Axel' leads to no unit 'axel'; "
        "there are: ga, ga-cop, hu, hu-cop, onh, onh-op, ort, ortopedi",
    ),
    (
        {"aliases": {"vo": {" ": "ortopedi"}}},
        "params/sources.yml: sources.office.aliases.vo. : a spelling of nothing; what means "
        "nothing stands in 'nulls' of the source",
    ),
    (
        {"dim_alias": {"provisio": {"codes": {"urgency": {"Akut": "emergancy"}}}}},
        "params/sources.yml: dim_alias.provisio.codes.urgency.Akut: 'Akut' leads to no code "
        "'emergancy'; did you mean 'emergency'?",
    ),
    (
        {"dim_alias": {"provisio": {"codes": {"priority": {"Akut": "emergency"}}}}},
        "params/sources.yml: dim_alias.provisio.codes.priority: the contract has no such column",
    ),
    (
        {"dim_alias": {"provisio": {"codes": {"sex": {"K": "F", "k": "M"}}}}},
        "params/sources.yml: dim_alias.provisio.codes.sex.k: 'k' means both 'F' and 'M'",
    ),
    (
        {"tables": {"operations": {"codes": {"urgency": {"Akut": "soon"}}}}},
        "params/sources.yml: sources.office.tables.operations.codes.urgency.Akut: 'Akut' leads to "
        "no code 'soon'; there are: elective, emergency",
    ),
]


@pytest.mark.parametrize(("given", "said"), WRONG, ids=[said.split(": ")[1] for _, said in WRONG])
def test_spelling_that_cannot_be_is_refused(given: dict[str, Any], said: str) -> None:
    """To no unit, to one of another kind, to two; each with file and place."""
    sources = _sources(**given)

    with pytest.raises(ParamsError) as refused:
        Aliases(UNITS, sources, "office")

    assert str(refused.value) == said


def test_system_of_a_unit_must_be_one_of_dim_alias() -> None:
    """A slip of the pen in params/units.yml is no system of its own."""
    slip = Unit(id="a", kind="vo", name="A", short="A", slug="a", aliases={"provisi": ["X"]})

    problems = alias_problems(Units([slip]), _sources())

    assert [str(problem) for problem in problems] == [
        "units.0.aliases.provisi: no system 'provisi'; did you mean 'provisio'? "
        "(dim_alias of params/sources.yml)"
    ]
    assert problems[0].file == "params/units.yml"
    assert alias_problems(Units([slip]), _sources().model_copy(update={"dim_alias": {}})) == []


def test_two_units_of_one_kind_may_not_be_called_alike() -> None:
    """Rows would be those of the first; give the one that was closed another name."""
    units = Units(
        [
            Unit(id="old", kind="vo", name="Kirurgi", short="Kir", slug="old"),
            Unit(id="new", kind="vo", name="Kirurgi", short="Kir 2", slug="new"),
        ]
    )

    assert [problem.says for problem in alias_problems(units, _sources())] == [
        "'Kirurgi' means both 'old' and 'new'"
    ]


def test_one_spelling_may_stand_twice_when_it_means_the_same() -> None:
    """In units.yml and in dim_alias, or in two cases."""
    systems = {"provisio": {"units": {"operating_unit": {"OPHU": "hu-cop", "ophu": "hu-cop"}}}}

    assert alias_problems(UNITS, _sources(systems)) == []


def test_all_problems_are_found_at_once() -> None:
    """For `lpe check`; what raises tells the first, and how many more there are."""
    sources = _sources(aliases={"vo": {"A": "a", "B": "b"}, "section": {"C": "c"}})

    assert len(alias_problems(UNITS, sources)) == 3
    with pytest.raises(ParamsError, match=r"\(and 2 more\)$"):
        Aliases(UNITS, sources, "office")


def test_source_must_exist() -> None:
    """The nearest one is named."""
    with pytest.raises(UsageError, match="did you mean 'office'"):
        Aliases(UNITS, _sources(), "offices")


def test_column_of_units_needs_not_be_of_the_contract() -> None:
    """What is known depends on the column's kinds alone."""
    aliases = Aliases(UNITS, _sources(), "office")

    assert aliases.spellings("operations", unit("x", "X.", "hospital"))["gävle"] == "ga"


def test_unknown_spelling_is_told_when_it_is_short_common_and_no_number() -> None:
    """The most common first; personal numbers in no spelling of theirs."""
    given = {
        "Ortopedkliniken": 6,
        "Kir klin": 9,
        "Sällsynt": 4,
        "a" * 61: 100,
        "19811228-9874": 100,
        "811228 9874": 100,
        "Avd 123456": 100,
        "Avd 12345": 5,
    }

    assert presentable(given.items()) == {"Kir klin": 9, "Ortopedkliniken": 6, "Avd 12345": 5}


@pytest.mark.parametrize(("spellings", "told"), [(20, 20), (40, 20), (41, 0)])
def test_column_with_many_unknown_spellings_is_not_told(spellings: int, told: int) -> None:
    """It is another column than was meant, perhaps of names."""
    assert len(presentable((f"Efternamn {n}", 50) for n in range(spellings))) == told
