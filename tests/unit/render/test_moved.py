"""Old addresses lead on to where their pages are now."""

import re
from pathlib import Path
from posixpath import dirname, join, normpath

import pytest

from lpe_reports.errors import ParamsError
from lpe_reports.params.moved import Move, load_moved
from lpe_reports.render.moved import moved_pages

pytestmark = pytest.mark.promise("versions", "An old address leads on to where its page is now")

REPORT = Move(**{"from": "uppfoljning/vecka", "to": "uppfoljning/veckouppfoljning"})
UNIT = Move(**{"from": "enheter/orto", "to": "enheter/ortopedi"})


def led(addresses: list[str], *moves: Move) -> dict[str, str]:
    """Where each old address leads, from the site's root."""
    found = {}
    for place, page in moved_pages(addresses, moves):
        (href,) = set(re.findall(r'(?:href="|url=)([^"]+)"', page.decode()))
        found[place] = normpath(join(dirname(place), href))
    return found


def test_every_page_of_a_moved_folder_is_found_at_its_old_address() -> None:
    """The folder's own index too; pages beside it, and folders that begin alike, are not moved."""
    pages = [
        "uppfoljning/veckouppfoljning/index",
        "uppfoljning/veckouppfoljning/ortopedi/2026-W19",
        "uppfoljning/veckouppfoljning-ny/index",
        "enheter/ortopedi/index",
        "om/index",
    ]

    assert led(pages, REPORT, UNIT) == {
        "uppfoljning/vecka/index.html": "uppfoljning/veckouppfoljning/index.html",
        "uppfoljning/vecka/ortopedi/2026-W19.html": (
            "uppfoljning/veckouppfoljning/ortopedi/2026-W19.html"
        ),
        "enheter/orto/index.html": "enheter/ortopedi/index.html",
    }


def test_a_page_that_moved_twice_is_found_at_both() -> None:
    """Each old address leads to the page itself, not to one that leads on."""
    first = Move(**{"from": "a/one", "to": "a/two"})
    second = Move(**{"from": "a/two", "to": "a/three"})

    expected = {"a/two/index.html": "a/three/index.html", "a/one/index.html": "a/three/index.html"}
    assert led(["a/three/index"], first, second) == expected


def test_an_address_that_has_another_page_now_is_left_to_it() -> None:
    """A new report that takes an old one's name shows itself."""
    assert led(["a/new/index", "a/old/index"], Move(**{"from": "a/old", "to": "a/new"})) == {}


def test_moves_in_a_circle_end() -> None:
    """A report that got its old name back: the address between leads to it."""
    there = Move(**{"from": "a/one", "to": "a/two"})
    back = Move(**{"from": "a/two", "to": "a/one"})

    assert led(["a/one/index"], there, back) == {"a/two/index.html": "a/one/index.html"}


@pytest.mark.parametrize(
    "text",
    [
        "moved:\n  - {from: a/b, to: a/b}\n",
        "moved:\n  - {from: a, to: b}\n  - {from: a, to: c}\n",
        "moved:\n  - {from: /a, to: b}\n",
        "moved:\n  - {from: ../a, to: b}\n",
        "moved:\n  - {from: a/index.html, to: b}\n",
        "moved:\n  - {from: a}\n",
    ],
)
def test_a_move_that_leads_nowhere_is_refused(tmp_path: Path, text: str) -> None:
    """With file and line."""
    path = tmp_path / "moved.yml"
    path.write_text(text)

    with pytest.raises(ParamsError, match=r"moved\.yml:\d"):
        load_moved(path, tmp_path)


def test_the_repositorys_own_file_is_read(root: Path) -> None:
    """And a project without one has no moves."""
    assert load_moved(root / "params" / "moved.yml", root) == []
    assert load_moved(root / "params" / "none.yml", root) == []
