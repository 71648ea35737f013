"""The manual laid out: pages, pictures and the files that they lead to."""

import shutil
from pathlib import Path

from lpe_reports.errors import RenderError
from lpe_reports.render.manual.contents import read_contents
from lpe_reports.render.manual.pages import manual_document
from lpe_reports.render.pandoc import PandocRenderer
from lpe_reports.render.site_files import named_files

# Beside the pages: pictures, and what an operator copies from.
_BESIDE = ("pictures", "deploy")


def lay_manual(docs: Path, to: Path, version: str) -> list[str]:
    """Lay the manual of a folder of docs into an empty folder.

    Args:
        docs: The folder; its `index.md` says which pages there are.
        to: Where the pages go.
        version: The version of the package, for the foot of each page.

    Returns:
        The files of the pages, the front page first.

    Raises:
        ParamsError: `index.md` and the other files do not fit together.
        RenderError: A page cannot be rendered; names it.
    """
    contents = read_contents(docs)
    files = named_files("site.css", "manual.js", "icon.svg")
    shell = {
        "css": f"assets/{files.names['site.css']}",
        "script": f"assets/{files.names['manual.js']}",
        "icon": f"assets/{files.names['icon.svg']}",
    }
    documents = [
        manual_document(name, _text(docs / f"{name}.md"), contents, shell, version)
        for name in contents.names()
    ]
    pages = []
    for page in PandocRenderer().render(documents):
        pages.append(f"{page.address}.html")
        (to / pages[-1]).write_bytes(page.html)
    (to / "assets").mkdir()
    for name, data in files.content.items():
        (to / "assets" / name).write_bytes(data)
    for name in _BESIDE:
        if (docs / name).is_dir():
            shutil.copytree(docs / name, to / name)
    return pages


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise RenderError(f"docs/{path.name} is not UTF-8; save it as UTF-8") from None
