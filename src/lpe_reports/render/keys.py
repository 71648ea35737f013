"""What a rendered page depends on, as one key: the same key is the same page, byte for byte."""

import hashlib
import json
from functools import cache
from importlib.metadata import version
from pathlib import Path

import lpe_reports
from lpe_reports.render.document import PageDocument
from lpe_reports.render.menus import OFFICE_PAGES
from lpe_reports.render.renderer import Described, Renderer
from lpe_reports.render.site_files import ASSETS, FONTS, site_files
from lpe_reports.render.sitemap import PageSpot, SiteMap

# The parts of the package whose code decides what a page looks like, given its notebook.
CODE = (
    "render",
    "display/markup",
    "display/downloads",
    "display/blocks.py",
    "display/content.py",
    "display/palette.py",
    "display/prose.py",
    "display/charts/pointing.py",
    "wording.py",
    "periods.py",
)


def page_key(notebook: str, spot: PageSpot, machinery: str, shell: str) -> str:
    """The key of a report's page.

    Args:
        notebook: SHA-256 of the executed notebook.
        spot: Which page it becomes.
        machinery: `machinery_digest`.
        shell: `shell_digest`.
    """
    subject = (spot.subject.id, spot.subject.slug, spot.subject.name, spot.subject.short)
    return digest_of(["page", notebook, spot.address, spot.report.id, *subject, machinery, shell])


def index_key(document: PageDocument, machinery: str) -> str:
    """The key of an index page: its document says everything but how it is rendered."""
    return digest_of(["index", document.address, document.markdown, machinery])


def machinery_digest(renderer: Renderer) -> str:
    """What renders: the tools' versions, the templates, the code."""
    tools = renderer.versions() | {
        name: version(name) for name in ("vl-convert-python", "xlsxwriter", "pydantic")
    }
    described = renderer.described() if isinstance(renderer, Described) else ""
    return digest_of([renderer.name, tools, described, _code_digest()])


def shell_digest(site: SiteMap) -> str:
    """What stands around every page: menus, the office's facts, names of definitions."""
    reports = [
        (report.id, report.area, report.slug, report.title)
        for report in site.params.reports.values()
    ]
    return digest_of(
        [
            [site.website.title, site.website.lang],
            [(item.text, item.href) for item in site.website.navbar],
            OFFICE_PAGES,
            reports,
            site.params.site.model_dump(mode="json", exclude={"about", "accessibility"}),
            [(entry.id, entry.name) for entry in site.params.glossary.entries],
            sorted(site_files().content),
        ]
    )


@cache
def _code_digest() -> str:
    package = Path(lpe_reports.__file__).parent
    files = [ASSETS / name for name in ("page.html", "page.typ", "style.typ")]
    files += sorted(ASSETS.rglob("*.lua"))
    files += sorted(FONTS.glob("*.ttf"))
    for part in CODE:
        place = package / part
        files += [place] if place.is_file() else sorted(place.rglob("*.py"))
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def digest_of(value: object) -> str:
    """SHA-256 of something that is JSON."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
