"""The index pages: everything on the site that is not a report's page.

They are documents like the others and go through the same renderer, but are no PDFs.
"""

from collections.abc import Iterator

from lpe_reports.render.document import PageDocument
from lpe_reports.render.edition import Edition
from lpe_reports.render.indexes import (
    colours,
    dataset,
    definitions,
    dictionary,
    front,
    news,
    office,
    packs,
    quality,
    reports,
    status,
    units,
)


def index_documents(edition: Edition) -> Iterator[PageDocument]:
    """Every index page of a version."""
    yield front.front_page(edition)
    yield from reports.report_pages(edition)
    yield from units.unit_pages(edition)
    yield packs.packs_page(edition)
    yield definitions.definitions_page(edition)
    yield colours.colours_page(edition)
    yield quality.quality_page(edition)
    yield dictionary.dictionary_page(edition)
    yield dataset.dataset_page(edition)
    yield status.status_page(edition)
    yield news.news_page(edition)
    yield from office.office_pages(edition)
