"""An index page as a document."""

from collections.abc import Sequence

from lpe_reports.render.addresses import way
from lpe_reports.render.document import PageDocument
from lpe_reports.render.front_matter import Value, front_matter
from lpe_reports.render.menus import menus
from lpe_reports.render.page_document import frame
from lpe_reports.render.sitemap import SiteMap


def index_document(
    site: SiteMap,
    address: str,
    title: str,
    body: Sequence[str],
    *,
    when: str = "",
    lead: str = "",
    crumbs: Sequence[tuple[str, str]] = (),
) -> PageDocument:
    """The document of an index page.

    Args:
        site: The site map.
        address: Where the page goes.
        title: Its heading.
        body: Its parts, ready HTML.
        when: The line under the heading.
        lead: The sentence under that.
        crumbs: What lies above it: name and file, from the version's root.
    """
    lpe: dict[str, Value] = {
        **frame(address, title, site),
        **menus(address, site),
        "html-only": True,
        "when": when,
        "lead": lead,
        "crumbs": [{"text": text, "href": way(address, target)} for text, target in crumbs],
    }
    name = site.params.site.office
    # A unit has a page of its own and one below each report, which readers tell apart by the title.
    within = [text for text, _ in crumbs[-1:] if text != title]
    pagetitle = " · ".join([title, *within, name])
    if address == "index":
        pagetitle = f"{name} {site.params.site.suffix}"
    metadata: dict[str, Value] = {
        "title": title,
        "pagetitle": pagetitle,
        "lang": site.website.lang,
        "lpe": lpe,
    }
    fence = "`" * 8
    html = "\n".join(body)
    markdown = f"{front_matter(metadata)}\n{fence}{{=html}}\n{html}\n{fence}\n"
    return PageDocument(address=address, markdown=markdown, pdf=False)
