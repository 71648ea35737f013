"""The numbers of a version's pages: each page's JSON, wherever it lies.

What is made of all pages together, the dataset and the search index, reads these and no notebook.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lpe_reports.build.runs import ExecutedRun
from lpe_reports.errors import RenderError
from lpe_reports.render.page_store import StoredPage
from lpe_reports.render.sitemap import PageSpot

_FILE = "page.json"


@dataclass(frozen=True)
class PageNumbers:
    """One page's JSON.

    Fields:
        spot: Which page.
        path: Where the file lies.
        digest: SHA-256 of its bytes.
    """

    spot: PageSpot
    path: Path
    digest: str

    def read(self) -> dict[str, Any]:
        """What the file says.

        Raises:
            RenderError: It cannot be read.
        """
        try:
            return dict(json.loads(self.path.read_bytes()))
        except (OSError, ValueError):
            raise RenderError(f"{self.spot.address}: its JSON cannot be read") from None


def page_numbers(
    paged: Sequence[tuple[PageSpot, ExecutedRun]],
    pages: Mapping[str, StoredPage],
    versions: Path,
) -> list[PageNumbers]:
    """The JSON of every page of a version, also of those kept from an earlier one.

    Args:
        paged: The pages, in order.
        pages: Those that are in the store, by address.
        versions: Where the published versions lie.
    """
    found = []
    for spot, run in paged:
        page = pages.get(spot.address)
        if page is not None and _FILE in page.files:
            found.append(PageNumbers(spot, page.folder / _FILE, page.files[_FILE]))
        elif run.kept:
            path = versions / run.kept.version / f"{spot.address}.json"
            # A page that was retracted has no numbers any more.
            if path.is_file():
                digest = hashlib.sha256(path.read_bytes()).hexdigest()
                found.append(PageNumbers(spot, path, digest))
    return found
