"""What pages show, recorded and read again, and put together as somebody who reads them all."""

import json

import pytest

from lpe_reports.disclosure.exposure import Exposure, Mean, Relation

pytestmark = pytest.mark.promise("disclosure", "No page gives away what another page hides")


def test_a_record_is_the_exposure_without_what_is_only_believed() -> None:
    """The same bytes for the same exposure, and read again the same."""
    whole, within = Relation("t", ("a", "b"), True), Relation("t", ("c",), False)
    beliefs = (Relation("t", ("d",), True, sure=False), Relation("t", ("d",), False, sure=False))
    means = {"t|sum=y": Mean("t", 2.5), "t|sum=x": Mean("t", 1.5)}
    cells = {"t": 9.0, "b": None, "a": 4.0}
    exposure = Exposure(cells, (within, *beliefs, whole), means, frozenset("zy"))

    record = json.loads(json.dumps(exposure.as_record()))

    assert list(record["cells"]) == ["a", "b", "t"]
    assert record == {
        "format": 1,
        "cells": cells,
        "whole": [["t", ["a", "b"]]],
        "within": [["t", ["c"]]],
        "means": [["t|sum=x", "t", 1.5], ["t|sum=y", "t", 2.5]],
        "withheld": ["y", "z"],
    }
    read = Exposure.from_record(record)
    assert read == Exposure(cells, (whole, within), means, frozenset("yz"))
    assert json.dumps(read.as_record()) == json.dumps(record)


def test_a_record_of_before_there_were_means_and_withheld_cells_is_read() -> None:
    """Versions are kept for years."""
    record = {"cells": {"t": 9, "a": None}, "whole": [], "within": [["t", ["a"]]]}

    assert Exposure.from_record(record) == Exposure(
        {"t": 9, "a": None}, (Relation("t", ("a",), False),), {}, frozenset()
    )


def test_who_reads_several_pages_sees_what_one_of_them_shows() -> None:
    """Of two numbers the first; of two means the first; each relation once."""
    relation, other = Relation("t", ("a", "b"), True), Relation("t", ("c",), False)
    one = Exposure({"t": 9, "a": None, "b": 2}, (relation,), {"m": Mean("t", 1.0)})
    two = Exposure({"a": 4, "b": 3, "c": None}, (other, relation), {
        "m": Mean("t", 2.0), "n": Mean("a", 3.0),
    })  # fmt: skip

    assert one.merged([two]) == Exposure(
        {"t": 9, "a": 4, "b": 2, "c": None},
        (relation, other),
        {"m": Mean("t", 1.0), "n": Mean("a", 3.0)},
    )
    assert one.merged([]) == one
    assert one.hidden == {"a"}


def test_who_sees_a_cell_hidden_by_itself_knows_that_it_is_not_zero() -> None:
    """Where one page withholds it with a whole table, another hides it: then it is at least one."""
    withheld = Exposure({"a": None, "b": None}, withheld=frozenset("ab"))
    hidden = Exposure({"a": None})
    shown = Exposure({"a": 3})

    assert withheld.merged([hidden]).withheld == {"b"}
    assert hidden.merged([withheld]).withheld == {"b"}
    assert withheld.merged([shown, Exposure({"c": None}, withheld=frozenset("c"))]).withheld == {
        "a", "b", "c",
    }  # fmt: skip
