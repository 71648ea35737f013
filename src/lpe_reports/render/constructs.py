"""What a source notebook holds that the pages cannot honour, by cell, before anything is run.

The same filter that renders the pages tells it, so that nothing is known in two places.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from lpe_reports.build.planning.notebooks import SourceNotebook
from lpe_reports.display.prose import (
    ECHO,
    FOLD,
    SUMMARY,
    Prose,
    cell_options,
    div_faults,
    harmless,
    shown_code,
)
from lpe_reports.render.document import PageDocument
from lpe_reports.render.front_matter import Value, front_matter
from lpe_reports.render.pandoc import PandocRenderer

# The title cell says nothing else; the rest of what Quarto takes from there is the site's matter.
_TITLE_KEYS = {"title"}
_ID = re.compile(r"\bid\s*=\s*[\"']([\w-]+)[\"']")
_KINDS = ("fig", "tbl", "diagram", "tabell")
_OF_THE_PAGE = "leads to nothing on the page"
_OF_THE_PROSE = "leads to no caption of the prose and no id= of a call"


def unhonoured(notebooks: Sequence[SourceNotebook]) -> list[str]:
    """A line for each construct that a page loses: the notebook, the cell, the construct.

    Raises:
        RenderError: The prose of a notebook cannot be read at all; names it.
    """
    documents = [_document(notebook) for notebook in notebooks]
    rendered = PandocRenderer().render(documents) if documents else []
    found = []
    for notebook, page in zip(notebooks, rendered, strict=True):
        told = [*_seen_in_cells(notebook), *map(_before_it_is_made, page.warnings)]
        found += [f"{notebook.name}, {words}" for words in sorted(set(told), key=_cell)]
    return found


def _document(notebook: SourceNotebook) -> PageDocument:
    """The notebook's prose as its pages have it, with what its calls can be referred to by."""
    code = "\n".join(_source(cell) for cell in notebook.document["cells"] if _is_code(cell))
    targets: list[Value] = [
        {"id": f"{kind}-{name}", "href": name, "text": name}
        for name in dict.fromkeys(_ID.findall(code))
        for kind in _KINDS
    ]
    lpe: Mapping[str, Value] = {"html-only": True, "pictures": "attachment:", "targets": targets}
    head = front_matter({"title": "x", "lpe": lpe})
    body = "\n\n".join(
        f"```{{=lpe}}\ncell {prose.cell}\n```\n\n{harmless(prose)}" for prose in _prose(notebook)
    )
    return PageDocument(notebook.name, f"{head}\n{body}\n", pdf=False)


def _prose(notebook: SourceNotebook) -> Iterator[Prose]:
    for number, cell in enumerate(notebook.document["cells"], start=1):
        if cell["cell_type"] == "markdown":
            yield Prose(_source(cell), number)
        elif _is_code(cell) and (code := shown_code(_source(cell), number)):
            yield code


def _seen_in_cells(notebook: SourceNotebook) -> Iterator[str]:
    """What no page shows, and what is seen in the source only."""
    titled = False
    for number, cell in enumerate(notebook.document["cells"], start=1):
        if _is_code(cell):
            yield from (
                f"cell {number}: the cell option {name} is not honoured"
                for name in cell_options(_source(cell))
                if name not in (ECHO, FOLD, SUMMARY)
            )
        elif cell["cell_type"] == "raw" and not titled:
            titled = True
            yield from (
                f"cell {number}: the key {key} is not honoured"
                for key in _keys(_source(cell))
                if key not in _TITLE_KEYS
            )
    for number, words in div_faults(_prose(notebook)):
        yield f"cell {number}: {words}"


def _keys(source: str) -> Iterable[str]:
    try:
        found: Any = YAML(typ="safe", pure=True).load(source.strip().strip("-").strip())
    except YAMLError:
        return []  # a run says that it is none
    return [str(key) for key in found] if isinstance(found, dict) else []


def _before_it_is_made(words: str) -> str:
    return words.replace(_OF_THE_PAGE, _OF_THE_PROSE)


def _cell(words: str) -> tuple[int, str]:
    number = re.match(r"cell (\d+)", words)
    return (int(number[1]) if number else 0, words)


def _is_code(cell: Mapping[str, Any]) -> bool:
    return bool(cell["cell_type"] == "code")


def _source(cell: Mapping[str, Any]) -> str:
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)
