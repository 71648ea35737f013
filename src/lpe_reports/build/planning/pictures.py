"""Pictures that a notebook's prose shows: they come with it, from its own folder.

A picture is read with its notebook and goes with it as an attachment, so that a changed picture is
changed prose: the page is rendered anew, and nothing is run again.
"""

import base64
import binascii
import copy
import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

from lpe_reports.display.prose import Picture, pictures
from lpe_reports.errors import NotebookError

# A page is read on phones; a photograph straight from a camera is no picture for it.
MAX_BYTES = 2_000_000
_ATTACHMENT = "attachment:"
_KINDS = {
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
}
_BEGINS = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}
_ELSEWHERE = re.compile(r"(?:[a-z][a-z0-9+.-]*:|//)", re.IGNORECASE)
_NOT_IN_NAMES = re.compile(r"[^a-z0-9]+")


def with_pictures(document: Mapping[str, Any], folder: Path, name: str) -> dict[str, Any]:
    """A notebook whose pictures have come along: each a cell's attachment, named by its content.

    Args:
        document: The notebook, nbformat 4.
        folder: Where it lies; only what is in it or below it is shown.
        name: What errors call the notebook.

    Raises:
        NotebookError: Names the cell, and the picture that is missing, lies elsewhere, is of
            another kind, is too large, or has no alt text.
    """
    cells = []
    for number, cell in enumerate(document["cells"], start=1):
        source = _source(cell)
        found = pictures(source) if cell["cell_type"] == "markdown" and "![" in source else []
        if found:
            cell = _with_attachments(cell, source, found, folder, f"{name}, cell {number}")
        cells.append(cell)
    return {**document, "cells": cells}


def _with_attachments(
    cell: Mapping[str, Any], source: str, found: list[Picture], folder: Path, place: str
) -> dict[str, Any]:
    attachments: dict[str, dict[str, str]] = {}
    # From the last one, so that the places of those before it stay.
    for picture in reversed(found):
        if not picture.alt:
            raise NotebookError(
                f"{place}: the picture {picture.target} has no words for those who do not see "
                'it; write ![Caption](file.svg){fig-alt="what it shows"}'
            )
        suffix, data = _content(picture.target, cell, folder, place)
        stem = Path(picture.target.removeprefix(_ATTACHMENT)).stem.lower()
        short = _NOT_IN_NAMES.sub("-", stem).strip("-") or "bild"
        attached = f"{short}.{hashlib.sha256(data).hexdigest()[:10]}{suffix}"
        attachments[attached] = {_KINDS[suffix]: base64.b64encode(data).decode()}
        source = f"{source[: picture.start]}{_ATTACHMENT}{attached}{source[picture.end :]}"
    return {**copy.deepcopy(dict(cell)), "source": source, "attachments": attachments}


def _content(target: str, cell: Mapping[str, Any], folder: Path, place: str) -> tuple[str, bytes]:
    """The suffix and the bytes of a picture, checked."""
    suffix = Path(target).suffix.lower()
    if suffix not in _KINDS:
        raise NotebookError(f"{place}: the picture {target} is none of .svg, .png and .jpg")
    if target.startswith(_ATTACHMENT):
        data = _pasted(target, cell, place)
    else:
        data = _beside(target, folder, place)
    if len(data) > MAX_BYTES:
        raise NotebookError(
            f"{place}: the picture {target} is larger than {MAX_BYTES // 1_000_000} MB; "
            "save it smaller"
        )
    kind = _KINDS[suffix]
    if kind in _BEGINS and not data.startswith(_BEGINS[kind]):
        raise NotebookError(f"{place}: the picture {target} is no {suffix} file inside")
    if suffix == ".svg" and (wrong := _wrong_in_svg(data)):
        raise NotebookError(f"{place}: the picture {target} {wrong}")
    return suffix, data


def _pasted(target: str, cell: Mapping[str, Any], place: str) -> bytes:
    """A picture that was pasted into the cell."""
    forms = cell.get("attachments", {}).get(unquote(target.removeprefix(_ATTACHMENT)), {})
    for data in forms.values():
        try:
            return base64.b64decode(data if isinstance(data, str) else "".join(data))
        except (binascii.Error, ValueError, TypeError):
            break
    raise NotebookError(f"{place}: the picture {target} is not in the cell; paste it anew")


def _beside(target: str, folder: Path, place: str) -> bytes:
    if _ELSEWHERE.match(target):
        raise NotebookError(
            f"{place}: the picture {target} is on another host; save it beside the notebook"
        )
    path = (folder / unquote(target)).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise NotebookError(
            f"{place}: the picture {target} lies outside the notebook's folder; "
            "move it there or to a folder in it"
        )
    try:
        return path.read_bytes()
    except OSError:
        raise NotebookError(f"{place}: there is no picture {target} beside the notebook") from None


def _wrong_in_svg(data: bytes) -> str:
    """What in a drawing the site would not show, or a reader's browser would fetch or run."""
    if any(word in data for word in (b"<!DOCTYPE", b"<!ENTITY", b"<?xml-stylesheet")):
        return "names a DOCTYPE, entities or a stylesheet; save it as plain SVG"
    try:
        root = ElementTree.fromstring(data)  # without entities it cannot grow
    except ElementTree.ParseError:
        return "is no SVG that can be read"
    if root.tag != "{http://www.w3.org/2000/svg}svg":
        return "is no SVG"
    for element in root.iter():
        tag = str(element.tag).rpartition("}")[2].lower()
        if tag in ("script", "foreignobject"):
            return f"holds <{tag}>, which no page may run"
        for key, value in element.attrib.items():
            bare = key.rpartition("}")[2].lower()
            if bare.startswith("on"):
                return f"holds the attribute {bare}, which no page may run"
            if bare == "href" and not value.startswith(("#", "data:image/")):
                return "names another file; save it with everything in it"
    return ""


def _source(cell: Mapping[str, Any]) -> str:
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)
