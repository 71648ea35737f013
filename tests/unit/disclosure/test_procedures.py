"""Which groups of procedures lie within which, and which have nobody in common."""

import pytest

from lpe_reports.disclosure.exposure import Relation
from lpe_reports.disclosure.hints import Hint, Hints
from lpe_reports.disclosure.nesting import Nesting
from lpe_reports.disclosure.procedures import ByProcedure, is_of_procedures

NESTING = Nesting(
    units={"hu": ("hu-a", "hu-b"), "ga": ("ga-a",)},
    procedures={
        "hip": ("NF",),
        "hip-joint": ("NFB",),
        "NFB29": ("NFB29",),
        "NFB49": ("NFB49",),
        "knee": ("NG",),
    },
)


def of(procedure: str, unit: str = "hu-a") -> str:
    return f"operated|procedure={procedure}|unit={unit}"


def hints(*keys: str) -> list[Hint]:
    return list(Hints(keys, NESTING))


def test_what_lies_within_a_procedure_is_found_where_all_else_is_the_same() -> None:
    """Those of another unit, sums and groups without a procedure say nothing of it."""
    keys = [of("hip"), of("NFB29"), of("NFB49"), of("NFB29", "hu-b"), "operated|unit=hu-a"]
    index = ByProcedure([*keys, f"{of('knee')}|sum=days"], NESTING)

    assert list(index.within(of("hip"))) == [((of("NFB29"), of("NFB49")), False)]
    assert list(index.within(of("hip", "hu-b"))) == [((of("NFB29", "hu-b"),), False)]
    assert list(index.within("operated|unit=hu-a")) == []
    assert list(index.within(of("knee"))) == []


def test_groups_that_share_codes_are_not_put_together() -> None:
    """The same procedure of two groups and two procedures apart are; one within another is not."""
    index = ByProcedure([], NESTING)

    assert index.apart([of("hip"), of("knee"), of("NFB29")]) == [
        (of("hip"), of("knee")),
        (of("NFB29"),),
    ]
    assert index.apart([of("NFB29"), of("NFB29", "hu-b"), of("NFB49")]) == [
        (of("NFB29"), of("NFB29", "hu-b"), of("NFB49"))
    ]
    assert index.apart([]) == []


def test_a_relation_is_of_procedures_when_a_part_has_another() -> None:
    """Units of a procedure are no procedures of it."""
    assert is_of_procedures(Relation(of("hip"), (of("NFB29"),), False))
    assert not is_of_procedures(Relation("operated|procedure=hip", (of("hip"),), False))
    assert not is_of_procedures(Relation("operated", (of("hip"),), False))


def test_children_are_all_of_their_parent_when_no_value_is_missing_that_is_seen() -> None:
    """Units that stand beside others elsewhere are not all; those of a hospital are it."""
    year = "operated|time=2025"
    units = tuple(f"{year}|unit={unit}" for unit in ("ga-a", "hu-a", "hu-b"))
    seen = hints(year, *units)
    assert Hint("family", year, units, ("unit",), True) in seen

    fewer = hints(year, *units[:2], f"operated|asa=1|{year.partition('|')[2]}|unit=hu-b")
    assert Hint("family", year, units[:2], ("unit",), False) in fewer


def test_one_child_is_never_all_of_its_parent() -> None:
    """Somebody could be in none that is seen."""
    found = hints("operated|time=2025", "operated|time=2025|unit=hu-a")

    assert [(h.parts, h.every) for h in found] == [(("operated|time=2025|unit=hu-a",), False)]


def test_what_is_made_up_of_others_is_said_so() -> None:
    """A hospital of its units, and where one of them is known only."""
    found = [h for h in hints("operated|unit=hu", "operated|unit=hu-a") if h.kind == "made up"]

    assert [(h.total, h.parts[0], h.names) for h in found] == [
        ("operated|unit=hu", "operated|unit=hu-a", ())
    ]
    assert not [h for h in hints("operated|unit=ga") if h.kind == "made up"]


def test_procedures_are_hinted_at_with_their_names() -> None:
    """And whether their codes are all there are."""
    found = [h for h in hints(of("hip-joint"), of("NFB29"), of("hip")) if h.kind == "procedures"]

    assert found == [
        Hint("procedures", of("hip-joint"), (of("NFB29"),), ("NFB29",), False),
        Hint("procedures", of("hip"), (of("hip-joint"),), ("hip-joint",), False),
        Hint("procedures", of("hip"), (of("NFB29"),), ("NFB29",), False),
    ]


@pytest.mark.parametrize("quantity", ["days", "minutes"])
def test_sums_say_of_which_quantity_they_are_and_make_no_family(quantity: str) -> None:
    """What adds up of counts adds up of sums; so only counts are asked."""
    found = Hints(["operated|unit=hu-a", f"operated|sum={quantity}|unit=hu-a"], NESTING)

    assert found.quantities == {"operated|unit=hu-a": {quantity}}
    assert not [h for h in found if "sum=" in h.total]


def test_nothing_lies_within_a_group_beside_which_none_is_known() -> None:
    """It need not be known itself, either."""
    index = ByProcedure([of("NFB29")], NESTING)

    assert list(index.within(of("hip", "ga-a"))) == []
    assert list(index.within(of("hip"))) == [((of("NFB29"),), False)]
    assert list(index.within(of("hip"))) == [((of("NFB29"),), False)]


def test_classes_without_common_codes_are_filled_in_the_order_of_the_groups() -> None:
    """Each goes to the first class that it shares no code with."""
    index = ByProcedure([], NESTING)
    children = [of("hip"), of("hip-joint"), of("knee"), of("NFB29"), of("hip", "hu-b")]

    assert index.apart(children) == [
        (of("hip"), of("knee"), of("hip", "hu-b")),
        (of("hip-joint"),),
        (of("NFB29"),),
    ]
