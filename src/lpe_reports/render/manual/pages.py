"""A page of the manual as a document: its words, and the menus around them."""

from collections.abc import Mapping

from lpe_reports.errors import ParamsError
from lpe_reports.render.document import PageDocument
from lpe_reports.render.front_matter import Value, front_matter
from lpe_reports.render.manual.contents import INDEX, Contents, Theme
from lpe_reports.render.manual.markdown import anchors, headings, without_title

NAME = "lpe-reports"
# What the template says in Swedish where a site does not say it in other words.
_WORDS = {
    "skip": "To the content",
    "areas": "Themes",
    "menu": "Menu",
    "side": "Pages",
    "crumbs": "You are here",
    "footnotes": "Notes",
}
# Fewer headings are seen at a glance; a page of more has a list of its own.
_WORTH_A_LIST = range(3, 41)


def manual_document(
    name: str, text: str, contents: Contents, shell: Mapping[str, str], version: str
) -> PageDocument:
    """The document of a page.

    Args:
        name: The page's file without its ending.
        text: Its Markdown.
        contents: All pages.
        shell: The names of the stylesheet, script and icon, as the template calls them.
        version: The version of the package whose manual it is.

    Raises:
        ParamsError: The page has no title.
    """
    title, body = without_title(text)
    if not title:
        raise ParamsError(f"docs/{name}.md", 1, "the page has no title; begin it with '# Title'")
    theme = contents.theme_of(name)
    lpe: dict[str, Value] = {
        **shell,
        "html-only": True,
        "manual": True,
        "words": _WORDS,
        "root": "./",
        "office": NAME,
        "suffix": "manual",
        "areas": [_theme_link(each, theme) for each in contents.themes],
        "side": _side(name, body, contents, theme),
        "menus": [_menu(each, name) for each in contents.themes],
        "crumbs": [{"text": t.title, "href": f"{INDEX}.html#{t.anchor}"} for t in [theme] if t],
        "pages": [
            {"file": f"{entry.name}.md", "title": entry.text}
            for each in contents.themes
            for entry in each.entries
        ],
        "foot": f"{NAME} {version} · docs/{name}.md",
    }
    pagetitle = f"{NAME} manual" if name == INDEX else f"{title} · {NAME} manual"
    metadata: dict[str, Value] = {"title": title, "pagetitle": pagetitle, "lang": "en", "lpe": lpe}
    return PageDocument(name, f"{front_matter(metadata)}\n{body}", pdf=False, github=True)


def _theme_link(theme: Theme, own: Theme | None) -> Value:
    href = f"{INDEX}.html#{theme.anchor}"
    return {"text": theme.title, "href": href, "current": "true" if theme is own else ""}


def _menu(theme: Theme, name: str) -> dict[str, Value]:
    items: list[Value] = [
        {
            "text": entry.text,
            "href": f"{entry.name}.html",
            "current": "page" if entry.name == name else "",
        }
        for entry in theme.entries
    ]
    return {"title": theme.title, "items": items}


def _side(name: str, body: str, contents: Contents, theme: Theme | None) -> list[Value]:
    """The pages of its theme, or all of them on the front page; then what is on the page."""
    side: list[Value] = [_menu(each, name) for each in contents.themes if theme in (None, each)]
    named = zip(headings(body), anchors(body), strict=True)
    own: list[Value] = [
        {"text": heading.text, "href": f"#{anchor}"} for heading, anchor in named
        if heading.level == 2
    ]  # fmt: skip
    if theme and len(own) in _WORTH_A_LIST:
        side.append({"title": "On this page", "items": own})
    return side
