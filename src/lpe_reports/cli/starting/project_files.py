"""All files of a new project, out of what the package carries."""

import re
from collections.abc import Iterator
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

from lpe_reports.cli.starting import quarto_files
from lpe_reports.params.site import load_site
from lpe_reports.render.website import load_website
from lpe_reports.settings import MARKER
from lpe_reports.starter import starter_folder

_TEMPLATES = {
    "gitignore": ".gitignore",
    "gitattributes": ".gitattributes",
    "pre-commit-config.yaml": ".pre-commit-config.yaml",
    "Makefile": "Makefile",
    "test_reports.py.txt": "tests/test_reports.py",
}
# What of the manual's examples a project is used with.
_LAB = ("docs/deploy/jupyter_lab_config.py", "jupyter_lab_config.py")
# What is taken of each folder; whatever else lies there is a leftover of somebody's work.
_KINDS = {"params": {".yml"}, "reports": {".ipynb", ".svg", ".png", ".jpg", ".jpeg"}}
# Made for the ten reports, and of no meaning without them.
_OF_REPORTS = ("params/reports/", "params/packs.yml", "reports/")
_NO_REPORT_YET = """
There is no report yet, and without one there is nothing to publish: `lpe new` makes the first.
"""


def write_project(folder: Path, *, office: str, with_reports: bool) -> None:
    """Write all files of a project.

    Args:
        folder: Where; empty.
        office: What the office is called.
        with_reports: Whether the reports that the package carries come along.

    Raises:
        ParamsError: The office's name cannot stand in params; names file and line.
    """
    for name, data in _starter_files(with_reports):
        _write(folder / name, data)
    (folder / "params" / "reports").mkdir(exist_ok=True)
    for name, place in _TEMPLATES.items():
        _write(folder / place, _template(name).encode())
    _write(folder / _LAB[1], (starter_folder() / _LAB[0]).read_bytes())
    _name_office(folder, office)
    title = load_website(folder / MARKER, folder).title
    readme = _template("README.md")
    for key, value in (
        ("title", title),
        ("office", load_site(folder / "params" / "site.yml", folder).office),
        ("version", version("lpe-reports")),
        ("first_report", "" if with_reports else _NO_REPORT_YET),
    ):
        readme = readme.replace(f"{{{key}}}", value)
    _write(folder / "README.md", readme.encode())
    quarto_files.copy_into(folder)


def _starter_files(with_reports: bool) -> Iterator[tuple[str, bytes]]:
    starter = starter_folder()
    paths = [starter / MARKER, starter / "data" / "README.md"]
    for part, kinds in _KINDS.items():
        paths += [path for path in sorted((starter / part).rglob("*")) if path.suffix in kinds]
    for path in paths:
        parts = path.relative_to(starter)
        name = parts.as_posix()
        if any(part.startswith(".") for part in parts.parts) or not path.is_file():
            continue
        if with_reports or not name.startswith(_OF_REPORTS):
            yield name, path.read_bytes()


def _name_office(folder: Path, office: str) -> None:
    """Put in the office's name where the site is described, and the copy's paths for Quarto."""
    site, marker = folder / "params" / "site.yml", folder / MARKER
    old = load_site(site, folder).office
    text = site.read_text(encoding="utf-8")
    if office and office != old:
        named = re.sub(r"(?m)^office:.*$", lambda _: f"office: {_quoted(office)}", text, count=1)
        text = named.replace(old, office)
        _write(site, text.encode())
    said = load_site(site, folder)
    title = f"title: {_quoted(f'{said.office} {said.suffix}'.strip())}"
    described = marker.read_text(encoding="utf-8")
    described = re.sub(r"(?m)(?<=^  )title:.*$", lambda _: title, described, count=1)
    described = described.replace(f"{quarto_files.IN_CHECKOUT}/", f"{quarto_files.FOLDER}/")
    _write(marker, described.encode())


def _quoted(text: str) -> str:
    """A text as YAML takes it whatever it holds."""
    plain = re.fullmatch(r"[^\W\d_][\w -]*\w", text) is not None
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return text if plain else f'"{escaped}"'


def _template(name: str) -> str:
    return (files("lpe_reports.cli.starting") / "templates" / name).read_text(encoding="utf-8")


def _write(path: Path, data: bytes) -> None:
    """Write a file with the line ends that it has everywhere."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.replace(b"\r\n", b"\n") if path.suffix != ".png" else data)
