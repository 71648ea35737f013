"""Decisions are read as they were written, or not at all."""

import hashlib
from pathlib import Path

import pytest

from lpe_reports.disclosure.decisions import Across, Decisions, decisions_path, read_decisions
from lpe_reports.errors import DisclosureError
from lpe_reports.settings import Project

DECISIONS = Decisions(
    {"a|unit=ga": Across(("weekly.kirurgi.2026-W19", "weekly.ogon.2026-W19"), "2026-05-11")},
    frozenset({"b|namn=Övrigt, annat", "c"}),
    "versions",
    "clean",
)


def _written(root: Path, data: bytes) -> Project:
    project = Project(root)
    path = decisions_path(project)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return project


def test_decisions_come_back_as_they_were(tmp_path: Path) -> None:
    """Every field, and a page finds what it must hide."""
    read = read_decisions(_written(tmp_path, DECISIONS.to_json()))

    assert read == DECISIONS
    assert read.by_page["weekly.ogon.2026-W19"] == {"a|unit=ga"}
    assert read.stands("a|unit=ga") and read.stands("c") and not read.stands("d")
    assert read.to_json() == DECISIONS.to_json()


def test_none_is_decided_where_there_is_no_file(tmp_path: Path) -> None:
    """An author's first notebook, before any build."""
    assert read_decisions(Project(tmp_path)) == Decisions()


@pytest.mark.parametrize("damage", [b"", b"{}", b"[]", DECISIONS.to_json()[:-9]])
def test_what_is_damaged_is_refused(tmp_path: Path, damage: bytes) -> None:
    """A page that does not know what to hide must not open."""
    for data in (damage, DECISIONS.to_json().replace(b"unit=ga", b"unit=hu")):
        with pytest.raises(DisclosureError, match=r"build/store/decisions.json is damaged"):
            read_decisions(_written(tmp_path, data))


def test_the_file_of_decisions_can_be_read_by_people_and_compared() -> None:
    """A line for each, in their order, in the letters that they are written with: readable."""
    lines = DECISIONS.to_json().decode().splitlines()

    assert any("namn=Övrigt, annat" in line for line in lines)
    assert len(lines) > 6
    other = Decisions(
        {"b": Across(("y", "x")), "a": Across(("x",), "2026-05-11")}, frozenset({"d", "c"})
    )
    again = Decisions(dict(reversed(other.across.items())), frozenset({"c", "d"}))
    assert other.to_json() == again.to_json()


def test_who_refuses_a_damaged_file_says_what_makes_it_anew(tmp_path: Path) -> None:
    """Where it lies, and the command; also for another edition of the file."""
    edition = DECISIONS.to_json().replace(b'"format":1', b'"format":2')
    rest = edition.partition(b",")[2]
    digest = hashlib.sha256(rest).hexdigest().encode()

    for data in (b"{", b'{"digest":"%s",' % digest + rest, DECISIONS.to_json() + b" "):
        with pytest.raises(DisclosureError, match="`lpe build` or `lpe nightly` makes it anew"):
            read_decisions(_written(tmp_path, data))


def test_a_file_of_decisions_is_read_as_long_as_its_format_is_the_same() -> None:
    """Byte for byte: a build that is newer than the file hides what was decided before it."""
    rest = (
        '"format":1,\n"across":{"a|unit=ga":{"pages":["weekly.kirurgi.2026-W19",\n'
        '"weekly.ogon.2026-W19"],\n"open":"2026-05-11"}},\n"kept":["b|namn=Övrigt, annat",\n'
        '"c"],\n"versions":"versions",\n"clean":"clean"}'
    ).encode()

    digest = hashlib.sha256(rest).hexdigest().encode()
    assert DECISIONS.to_json() == b'{"digest":"' + digest + b'",' + rest


def test_a_page_has_all_groups_that_it_must_not_show_and_no_others() -> None:
    """Of several groups and pages each."""
    across = {"a": Across(("x", "y")), "b": Across(("y",)), "c": Across(())}

    assert Decisions(across, frozenset("d")).by_page == {"x": {"a"}, "y": {"a", "b"}}
    assert Decisions().by_page == {}


def test_the_refusal_of_a_damaged_file_is_one_sentence(tmp_path: Path) -> None:
    """Where, what it means and what to do, and nothing of what stands in it."""
    with pytest.raises(DisclosureError) as refused:
        read_decisions(_written(tmp_path, b'{"digest":"x","format":1}'))

    assert str(refused.value) == (
        "build/store/decisions.json is damaged, so it is not known what must stay hidden; "
        "the next `lpe build` or `lpe nightly` makes it anew"
    )
    assert refused.value.__suppress_context__
