"""One published site for all who only read it."""

from collections.abc import Iterator

import pytest
from browser import served
from readable_site import publish_site


@pytest.fixture(scope="session")
def readable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a site with a page of every kind."""
    with served(publish_site(tmp_path_factory.mktemp("readable"))) as address:
        yield address
