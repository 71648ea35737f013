"""What one version is: its pages, what came of its runs, what it was made from and with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from lpe_reports import wording
from lpe_reports.build.runs import ExecutedRun
from lpe_reports.render.cards import Card
from lpe_reports.render.changes.compare import Comparison
from lpe_reports.render.packs.made import MadePack
from lpe_reports.render.retracted import Retraction
from lpe_reports.render.sitemap import PageSpot, SiteMap
from lpe_reports.warehouse.linked import LinkedShare
from lpe_reports.warehouse.nights.history import NightLoad
from lpe_reports.warehouse.nights.manifest import Manifest


@dataclass(frozen=True)
class Edition:
    """All that the index pages and `build.json` are made of.

    Fields:
        site: The site map, with the pages of this version.
        night: The date of the extract.
        runs: Every run, also those that failed.
        cards: What each page says of itself, by address.
        manifest: The extract's manifest; None where there was none.
        loads: What the last nights of its source came to, the newest (this one) first.
        links: How many rows of one table lead to a row of another.
        renderer_note: Which renderer made the pages, in a sentence for readers.
        tools: The tools' versions, by name.
        commit: The code's commit; empty where it is not known.
        packs: The meeting packs, forum by forum, the newest first.
        compared: What differs from the version before; None where there is none.
        retracted: The pages that are taken back, by address; they are not on the site map.
    """

    site: SiteMap
    night: date
    runs: Sequence[ExecutedRun] = ()
    cards: Mapping[str, Card] = field(default_factory=dict)
    manifest: Manifest | None = None
    loads: Sequence[NightLoad] = ()
    links: Sequence[LinkedShare] = ()
    renderer_note: str = ""
    tools: Mapping[str, str] = field(default_factory=dict)
    commit: str = ""
    packs: Sequence[MadePack] = ()
    compared: Comparison | None = None
    retracted: Mapping[str, Retraction] = field(default_factory=dict)

    @property
    def until(self) -> str:
        """Until when the data go: Uppgifter till och med 11 maj 2026."""
        return f"Uppgifter till och med {wording.day(self.night)}"

    def card(self, spot: PageSpot) -> Card:
        """What a page says of itself; its unit and period where it says nothing."""
        plain = Card(
            title=f"{spot.subject.name}, {spot.period.long}",
            when=spot.period.dates,
            ongoing=not spot.period.is_over(self.night),
        )
        return self.cards.get(spot.address, plain)
