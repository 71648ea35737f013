"""The menus of a page, as its template draws them.

Menus hold areas and reports only, and come from params and `_quarto.yml` alone: a page must
not change because another page was made. Neighbouring periods are put in when a page is read.
"""

from lpe_reports.params.reports import Report, Subject
from lpe_reports.render.addresses import report_folder, unit_folder, way
from lpe_reports.render.front_matter import Value
from lpe_reports.render.sitemap import SiteMap

# The office's own pages, at the foot of every page.
OFFICE_PAGES = (
    ("sa-raknar-vi", "Så räknar vi"),
    ("farger", "Förklaring av färger"),
    ("datakvalitet", "Datakvalitet"),
    ("dataset", "Dataset"),
    ("nytt", "Nytt sedan förra versionen"),
    ("byggstatus", "Byggstatus"),
    ("om", "Om sidorna"),
    ("tillganglighet", "Tillgänglighet"),
)


def link(address: str, text: str, target: str) -> dict[str, Value]:
    """A menu entry: what it says, where it leads, and whether the reader is there or below."""
    folder = target.removesuffix("index.html")
    current = ""
    if f"{address}.html" == target:
        current = "page"
    elif folder and address.startswith(folder):
        current = "true"
    return {"text": text, "href": way(address, target), "current": current}


def menus(
    address: str, site: SiteMap, report: Report | None = None, subject: Subject | None = None
) -> dict[str, Value]:
    """The menus of the page at an address.

    Returns:
        `areas` (the navbar), `side` (beside the page: the reports of its area, or all of them
        where it belongs to none, then the unit's periods), `menus` (both, for a phone) and
        `office-links` (the foot).
    """
    navbar = [link(address, item.text, item.href) for item in site.website.navbar]
    by_area = {area: _area_menu(address, site, area) for area in site.areas()}
    own = by_area.get(address.partition("/")[0])
    side = [own] if own else [menu for menu in by_area.values() if menu["items"]]
    if report and subject:
        side.append(_unit_menu(address, report, subject))
    office = [link(address, text, f"{slug}/index.html") for slug, text in OFFICE_PAGES]
    rest = [item for item in navbar if item["text"] not in [m["title"] for m in by_area.values()]]
    phone: list[Value] = [*by_area.values(), {"title": "Hela webbplatsen", "items": [*rest]}]
    return {"areas": navbar, "side": side, "menus": phone, "office-links": office}


def _area_menu(address: str, site: SiteMap, area: str) -> dict[str, Value]:
    items: list[Value] = [
        link(address, report.title, f"{report_folder(report)}/index.html")
        for report in site.reports_of(area)
    ]
    href = way(address, f"{area}/index.html")
    return {"title": site.website.area_name(area), "href": href, "items": items}


def _unit_menu(address: str, report: Report, subject: Subject) -> dict[str, Value]:
    every = way(address, f"{unit_folder(report, subject)}/index.html")
    items: list[Value] = [{"text": "Alla perioder", "href": every}]
    return {"title": subject.short, "id": "perioder", "items": items}
