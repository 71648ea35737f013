"""The search index's filters: in order, whatever order Pagefind wrote them in."""

import gzip
import json
from collections.abc import Mapping
from typing import Any

import pytest

from lpe_reports.errors import RenderError
from lpe_reports.render.search import Record, index_files
from lpe_reports.render.search_order import in_order

MARK = b"pagefind_dcd"
PLACES = ("search/filter/sv_{}.pf_filter", "search/pagefind.sv_{}.pf_meta")


def cbor(value: Any) -> bytes:
    """A value as CBOR: numbers, texts, lists."""
    if isinstance(value, int):
        return _head(0, value)
    if isinstance(value, str):
        return _head(3, len(value.encode())) + value.encode()
    return _head(4, len(value)) + b"".join(map(cbor, value))


def _head(kind: int, count: int) -> bytes:
    if count < 24:
        return bytes([kind << 5 | count])
    return bytes([kind << 5 | 25]) + count.to_bytes(2)


def packed(value: Any) -> bytes:
    """As Pagefind packs it."""
    return gzip.compress(MARK + cbor(value))


def index(units: Mapping[str, list[int]], names: tuple[str, str], meta: str) -> dict[str, bytes]:
    """An index of two filters."""
    filters = [["enhet", f"sv_{names[0]}"], ["slag", f"sv_{names[1]}"]]
    fields = ["1.5.2", [["jsv_1", 5000]] * 30, [], filters, [], ["title"]]
    return {
        PLACES[0].format(names[0]): packed(["enhet", [[name, at] for name, at in units.items()]]),
        PLACES[0].format(names[1]): packed(["slag", [["Vecka", [1, 300]]]]),
        PLACES[1].format(meta): packed(fields),
        "search/pagefind-entry.json": json.dumps({"hash": f"sv_{meta}"}).encode(),
    }


def test_an_index_is_the_same_whatever_order_its_filters_came_in() -> None:
    """And every file is still found by the name that another one calls it."""
    pages = {"Ögon": [3], "Kirurgi": [1, 300], "Ortopedi": [0, 70000 % 65536]}
    turned = dict(reversed(pages.items()))

    one = in_order(index(pages, ("aaaaaaa", "bbbbbbb"), "cccccccccc"))
    other = in_order(index(turned, ("ddddddd", "bbbbbbb"), "eeeeeeeeee"))

    assert one == other
    (meta,) = (place for place in one if place.endswith(".pf_meta"))
    assert json.loads(one["search/pagefind-entry.json"])["hash"] in meta
    said = gzip.decompress(one[meta])
    for place in (place for place in one if place.endswith(".pf_filter")):
        name = place.removeprefix("search/filter/").removesuffix(".pf_filter")
        assert said.count(cbor(name)) == 1
    assert said.startswith(MARK + b"\x86")


def test_an_index_without_filters_stays_as_it_is() -> None:
    """Nothing in it has another order."""
    files = {"search/pagefind.sv_c.pf_meta": b"x", "search/pagefind-entry.json": b"{}"}

    assert in_order(files) == files


@pytest.mark.parametrize("content", [b"no gzip", gzip.compress(b"no mark"), packed([1, 2]), b""])
def test_another_form_of_index_is_an_error_and_no_broken_search(content: bytes) -> None:
    """A new Pagefind that writes otherwise is found out in the build."""
    with pytest.raises(RenderError, match="not of the form"):
        in_order({"search/filter/sv_aaaaaaa.pf_filter": content})


def test_pagefinds_own_index_is_the_same_each_time() -> None:
    """Of the same records; its own files are understood."""
    records = [
        Record(f"a/{n}.html", f"Sida {n}", "Sida", within=(("enhet", f"E{n % 9}"), ("slag", "S")))
        for n in range(30)
    ]

    assert index_files(records) == index_files(records)
