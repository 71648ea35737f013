"""Stored pages are whole or not there."""

import os
from pathlib import Path

import pytest

from lpe_reports.render.cards import Card, Signal
from lpe_reports.render.page_store import WARNINGS, PageStore, warnings_bytes

pytestmark = pytest.mark.promise(
    "builds", "Whatever is damaged in the store is found and made again"
)

FILES = {"page.html": b"<p>", "tables/a.csv": b"a;b"}
CARD = Card(
    title="T", when="W", signals=(Signal(label="L", value="1", tone="bad", words="under målet"),)
)
KEY = "ab" * 32


@pytest.fixture
def store(tmp_path: Path) -> PageStore:
    """A store with one page."""
    store = PageStore(tmp_path / "pages")
    store.put(KEY, FILES, CARD)
    return store


def test_what_is_put_is_got(store: PageStore) -> None:
    """Files, digests and card come back."""
    page = store.get(KEY)

    assert page is not None
    assert {name: (page.folder / name).read_bytes() for name in page.files} == FILES
    assert page.card == CARD
    assert store.get("cd" * 32) is None


def test_nothing_half_is_left_beside_a_page(store: PageStore) -> None:
    """The folder that it was written in is gone."""
    assert [path.name for path in store.folder.iterdir()] == ["ab"]


@pytest.mark.parametrize("damage", ["changed", "missing", "no record", "cut record"])
def test_a_damaged_page_is_not_there(store: PageStore, damage: str) -> None:
    """It is made again, never trusted; and making it again mends it."""
    page = store.get(KEY)
    assert page is not None
    broken = page.folder / ("tables/a.csv" if damage in ("changed", "missing") else "record.json")
    data = broken.read_bytes()
    broken.unlink()
    if damage == "changed":
        broken.write_bytes(b"x;y")
    elif damage == "cut record":
        broken.write_bytes(data[: len(data) // 2])

    assert store.get(KEY) is None
    store.put(KEY, FILES, CARD)
    assert store.get(KEY) is not None


def test_files_are_read_only(store: PageStore) -> None:
    """Candidates and versions are links to them."""
    page = store.get(KEY)
    assert page is not None

    assert all(not (page.folder / name).stat().st_mode & 0o222 for name in page.files)


def test_a_page_that_is_asked_for_is_in_use(store: PageStore) -> None:
    """Its folder's time is that of the last question; pruning goes by it."""
    page = store.get(KEY)
    assert page is not None
    os.utime(page.folder, (0, 0))

    store.get(KEY)

    assert page.folder.stat().st_mtime > 1_000_000_000


def test_a_page_that_is_reused_still_tells_its_warnings(store: PageStore) -> None:
    """They are kept beside it, are no file of the site, and are made again when damaged."""
    key, warnings = "ef" * 32, ("a video is left out",)
    store.put(key, FILES | {WARNINGS: warnings_bytes(warnings)}, CARD)
    page = store.get(key)
    assert page is not None

    assert page.warnings == warnings
    assert set(page.files) == set(FILES)
    (page.folder / WARNINGS).chmod(0o644)
    (page.folder / WARNINGS).write_text("[]")
    assert store.get(key) is None
