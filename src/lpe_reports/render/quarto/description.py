"""The `_quarto.yml` of a scratch project, made from the project's own.

What an author wrote there stays, but for what decides where files lie and which there are: the
list of pages, the output folder, and formats that nobody asked for. What it names as a file is
taken along; what it names of this package is taken from the package, wherever that is installed.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from lpe_reports.params.reading import read_yaml
from lpe_reports.render.site_files import ASSETS
from lpe_reports.settings import MARKER

# What the scratch project calls its folders.
OUTPUT = "out"
TEMPLATES = "templates"
# Part of every path in `_quarto.yml` that leads to one of the package's own files.
_OWN = "lpe_reports/render/assets/"
_FORMATS: Mapping[str, Mapping[str, Any]] = {
    "html": {"template": f"{TEMPLATES}/page.html", "theme": "none", "minimal": True},
    "typst": {
        "template": f"{TEMPLATES}/page.typ",
        "template-partials": [f"{TEMPLATES}/style.typ"],
    },
}
# The PDF is made of Quarto's Typst by the code that every renderer's PDF is made by; the page
# names its own stylesheet.
_NOT_USED = {"html": ("css",), "typst": ("font-paths", "papersize")}
_LONGEST = 200
# Run before and after a project is rendered; those of this project are `lpe`'s.
_SCRIPTS = ("pre-render", "post-render")


class Description:
    """What a project says in its `_quarto.yml`, as far as rendering pages goes.

    Args:
        root: The project's folder.

    Raises:
        ParamsError: The file is missing or is no YAML.
    """

    def __init__(self, root: Path) -> None:
        read = read_yaml(root / MARKER, root)
        # (A plain copy, without what the reader keeps of lines and comments.)
        plain = json.loads(json.dumps(read, default=str)) if isinstance(read, Mapping) else {}
        self._root = root
        self._said: dict[str, Any] = _repointed(plain)

    def text(self, pages: Sequence[str]) -> str:
        """The file for these pages, given by their addresses; JSON is YAML, too."""
        said = self._said
        project = _mapping(said.get("project"))
        kept = {key: value for key, value in project.items() if key not in _SCRIPTS}
        made = {
            **said,
            "project": {
                **kept,
                "type": "website",
                "output-dir": OUTPUT,
                "render": [f"{page}.qmd" for page in pages],
            },
            # Notebooks have been executed; a document only shows what they showed.
            "execute": {**_mapping(said.get("execute")), "enabled": False},
            "format": _formats(_mapping(said.get("format"))),
        }
        return json.dumps(made, ensure_ascii=False, indent=1)

    def files(self) -> Iterator[tuple[str, Path]]:
        """What it names: the place in the scratch project, and the file that belongs there."""
        for template in _templates():
            yield f"{TEMPLATES}/{template.relative_to(ASSETS).as_posix()}", template
        for name in sorted(set(_texts(self._said))):
            path = PurePosixPath(name)
            # Nothing is taken from elsewhere, and a sentence is never looked for.
            if "\n" in name or len(name) > _LONGEST or path.is_absolute() or ".." in path.parts:
                continue
            if (self._root / path).is_file() and name != MARKER:
                yield path.as_posix(), self._root / path

    def digest(self) -> str:
        """All that rendered pages depend on of it; the package's own files are in their key."""
        digest = hashlib.sha256(self.text([]).encode())
        for name, path in self.files():
            if not name.startswith(f"{TEMPLATES}/"):
                digest.update(f"\n{name}\n".encode() + path.read_bytes())
        return digest.hexdigest()


def _templates() -> list[Path]:
    """The package's templates and filters."""
    kinds = ("*.lua", "*.html", "*.typ")
    return sorted(path for kind in kinds for path in ASSETS.rglob(kind))


def _formats(said: Mapping[str, Any]) -> dict[str, Any]:
    """The two formats that a page has, as the author wants them."""
    made: dict[str, Any] = {}
    for name, ours in _FORMATS.items():
        wanted = {**ours, **_mapping(said.get(name))}
        made[name] = {key: each for key, each in wanted.items() if key not in _NOT_USED[name]}
    made["typst"]["output-ext"] = "typ"
    return made


def _repointed(value: Any) -> Any:
    """The value with the scratch project's paths to the package's own files."""
    if isinstance(value, Mapping):
        return {key: _repointed(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_repointed(each) for each in value]
    if isinstance(value, str) and _OWN in value:
        return f"{TEMPLATES}/{value.partition(_OWN)[2]}"
    return value


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, str):
        yield value


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
