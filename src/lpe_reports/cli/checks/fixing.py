"""Taking outputs and execution counts out of a notebook's file; every other byte stays.

The file is not read and written anew, which would lay out all of it again: only the values of
`outputs` and `execution_count` of its cells are replaced where they stand.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lpe_reports.build.storing.store import write_whole
from lpe_reports.errors import NotebookError

_BLANKS = " \t\n\r"
_CLEARED = {"outputs": "[]", "execution_count": "null"}
_DECODER = json.JSONDecoder()


@dataclass(frozen=True)
class _Value:
    """A value in a JSON text, from the key that it stands under."""

    key: str
    start: int
    end: int


def clear_outputs(path: Path) -> int:
    """Clear a notebook's outputs and execution counts; returns how many cells held some.

    A file that is no notebook stays as it is; the check tells of it.

    Raises:
        NotebookError: It may not be written.
    """
    try:
        cleared, cells = cleared_text(path.read_bytes().decode())
    except (OSError, ValueError, IndexError, RecursionError):
        return 0
    if cells:
        try:
            write_whole(path.resolve(), cleared.encode(), mode=path.stat().st_mode & 0o777)
        except PermissionError as error:
            said = f"{path.as_posix()}: its outputs could not be cleared ({error.strerror})"
            raise NotebookError(said) from None
    return cells


def cleared_text(text: str) -> tuple[str, int]:
    """A notebook's text without outputs and execution counts, and how many cells held some.

    Raises:
        ValueError: It is no JSON.
    """
    json.loads(text.removeprefix("\ufeff"))
    places: list[_Value] = []
    cells = 0
    begin = _skip(text, 1 if text.startswith("\ufeff") else 0)
    for value in _members(text, begin):
        if value.key != "cells" or text[value.start] != "[":
            continue
        for start in _items(text, value.start):
            found = [
                part
                for part in _members(text, start)
                if part.key in _CLEARED
                and json.loads(text[part.start : part.end]) not in ([], None)
            ]
            places += found
            cells += bool(found)
    pieces: list[str] = []
    done = 0
    for part in places:
        pieces += (text[done : part.start], _CLEARED[part.key])
        done = part.end
    return "".join((*pieces, text[done:])), cells


def _skip(text: str, place: int) -> int:
    while place < len(text) and text[place] in _BLANKS:
        place += 1
    return place


def _members(text: str, place: int) -> Iterator[_Value]:
    """The members of the object that begins at a place; none where another value does."""
    if text[place] != "{":
        return
    place = _skip(text, place + 1)
    while text[place] != "}":
        key, place = _DECODER.raw_decode(text, place)
        start = _skip(text, _skip(text, place) + 1)  # behind the colon
        _, end = _DECODER.raw_decode(text, start)
        yield _Value(key, start, end)
        place = _skip(text, end)
        if text[place] == ",":
            place = _skip(text, place + 1)


def _items(text: str, place: int) -> Iterator[int]:
    """Where the items of the list that begins at a place begin."""
    place = _skip(text, place + 1)
    while text[place] != "]":
        yield place
        _, place = _DECODER.raw_decode(text, place)
        place = _skip(text, place)
        if text[place] == ",":
            place = _skip(text, place + 1)
