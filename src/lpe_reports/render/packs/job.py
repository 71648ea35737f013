"""A meeting pack to make, as a render worker is given it, and what it is known by."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lpe_reports.params.site import Site
from lpe_reports.render.keys import digest_of
from lpe_reports.render.packs.data import pack_data
from lpe_reports.render.packs.planned import PlannedPack
from lpe_reports.render.page_store import StoredPage
from lpe_reports.render.site_files import ASSETS


@dataclass(frozen=True)
class PackJob:
    """A meeting pack to make.

    Fields:
        key: What it is made of.
        planned: Which one it is.
        data: What it says beside its pages.
        pages: Its pages as they lie in the store, in order.
    """

    key: str
    planned: PlannedPack
    data: Mapping[str, Any]
    pages: tuple[StoredPage, ...]

    @property
    def address(self) -> str:
        return self.planned.address


def pack_jobs(
    plans: Iterable[PlannedPack],
    pages: Mapping[str, StoredPage],
    site: Site,
    machinery: str,
    *,
    made_up: bool,
) -> Iterator[PackJob]:
    """The jobs of a version's packs.

    Args:
        plans: The packs.
        pages: Every page of the version as it lies in the store, by address.
        site: Who the packs are from.
        machinery: `machinery_digest`.
        made_up: Whether the numbers are a demo's.
    """
    template = (ASSETS / "pack.typ").read_text("utf-8")
    for planned in plans:
        own = {spot.address: pages[spot.address] for spot in planned.pages}
        cards = {address: page.card for address, page in own.items() if page.card}
        data = pack_data(planned, cards, site, made_up=made_up)
        # A page's folder in the store is named by what the page is made of.
        made_of = [(address, page.folder.name) for address, page in own.items()]
        key = digest_of(["pack", planned.address, data, made_of, template, machinery])
        yield PackJob(key, planned, data, tuple(own.values()))


def read_record(page: StoredPage) -> Mapping[str, Any]:
    """What a pack holds, as it is written beside its PDF."""
    found: dict[str, Any] = json.loads((page.folder / "page.json").read_bytes())
    return found
