"""One published site for all who only read it, and one Chromium for each file of tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import chromium, served
from playwright.sync_api import Browser
from readable_site import publish_site


@pytest.fixture(scope="session")
def readable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a site with a page of every kind."""
    with served(publish_site(tmp_path_factory.mktemp("readable"))) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of a file; some files start their own beside none."""
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def base(public: Path) -> Iterator[str]:
    """The address of the file's own published site."""
    with served(public) as address:
        yield address
