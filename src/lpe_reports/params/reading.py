"""YAML files into strict objects: what is wrong is named with file and line.

What a file can hold at all is `documents`' part; here its values are fitted into models, of which
unknown keys and wrong types are told.
"""

import os
import stat
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator
from pydantic_core import ErrorDetails

from lpe_reports import wording
from lpe_reports.errors import ParamsError
from lpe_reports.params.parsed import keep_parsed, parsed_before
from lpe_reports.params.quoting import shown

if TYPE_CHECKING:
    from lpe_reports.params.documents import Document

# Far above any real file; a params file that reaches it is a mistake or an attack, and is
# refused before it costs memory.
MAX_BYTES = 300_000
_LONGEST_PROBLEM = 600
_MOST_TOLD = 50
# Part of an address, and of file names on every system.
SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"


class ParamsModel(BaseModel):
    """Base of all params: no unknown keys, no guessing of types, never changed after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)

    @field_validator("*", mode="before")
    @classmethod
    def _seen(cls, value: object) -> object:
        if isinstance(value, str) and wording.legible(value) != value:
            raise ValueError("holds a sign that cannot be seen (control sign, forced direction)")
        return value


Model = TypeVar("Model", bound=BaseModel)


def read_model(path: Path, model: type[Model], root: Path) -> Model:
    """The object that a YAML file describes.

    Args:
        path: The file.
        model: The pydantic model that it must fit.
        root: The project's folder, so that errors name the file as the reader knows it.

    Raises:
        ParamsError: The file is missing, is not YAML, or does not fit; names file and line.
    """
    name = _relative(path, root)
    data = _bytes(path, name)
    document = None
    plain = parsed_before(root, name, data)
    if plain is None:
        document = _document(data, name)
        plain = dict(document)
        keep_parsed(root, name, data, plain)
    try:
        # Of plain Python containers: tuples and dates are then taken as the model says.
        return model.model_validate(plain)
    except ValidationError as error:
        if document is None:
            document = _document(data, name)  # for its lines
        raise _misfit(error, document, name) from None


def read_yaml(path: Path, root: Path) -> "Document":
    """The YAML document of a file, with the lines of its keys (`line_of`).

    Raises:
        ParamsError: The file is missing, or is not YAML; names file and line.
    """
    name = _relative(path, root)
    return _document(_bytes(path, name), name)


def line_of(document: "Document", location: Sequence[str | int]) -> int:
    """The line, from 1, of a place in a document, or of the nearest thing around it."""
    return document.line_of(location)


def is_there(path: Path) -> bool:
    """Whether a file that may be left out is there, be it only a link that leads nowhere."""
    return os.path.lexists(path)


def repeated(values: Iterable[str]) -> str | None:
    """The first of some texts that stands more than once."""
    return next((value for value, times in Counter(values).items() if times > 1), None)


def _bytes(path: Path, name: str) -> bytes:
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            what = "a folder" if stat.S_ISDIR(found.st_mode) else "a device or a pipe"
            raise ParamsError(name, None, f"{what} stands where a file is expected")
        with path.open("rb") as file:
            # (What it is now, which may be more than was said.)
            data = file.read(MAX_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError):
        why = "leads to a file that is not there" if path.is_symlink() else "the file is missing"
        raise ParamsError(name, None, why) from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "its name is no name of a file"
        raise ParamsError(name, None, f"the file cannot be read ({why})") from None
    if len(data) > MAX_BYTES:
        raise ParamsError(name, None, f"larger than {MAX_BYTES // 1000} kB; divide or shorten it")
    return data


def _document(data: bytes, name: str) -> "Document":
    # Imported here: the files of a night are parsed once, and read by thousands of processes.
    from lpe_reports.params.documents import DocumentError, parse

    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ParamsError(name, line, "not UTF-8; save the file as UTF-8") from None
    try:
        # Line ends of all systems, as a text file is read.
        return parse(text.replace("\r\n", "\n").replace("\r", "\n"))
    except DocumentError as error:
        raise ParamsError(name, error.line, error.problem) from None


def _relative(path: Path, root: Path) -> str:
    for resolve in (os.path.abspath, os.path.realpath):
        try:
            return Path(resolve(path)).relative_to(resolve(root)).as_posix()
        except (ValueError, OSError):
            continue
    return path.name


def _misfit(error: ValidationError, document: "Document", name: str) -> ParamsError:
    """What does not fit a model, of several things the first."""
    every = error.errors(include_url=False)
    # (Thousands would take long to tell, and nobody reads them.)
    details = every[:_MOST_TOLD]
    more = len({document.line_of(each["loc"]) for each in details}) - 1
    least = "at least " if len(every) > _MOST_TOLD else ""
    also = f" (and {least}{more} more in this file)" if more else ""
    wrong: dict[int, ParamsError] = {}
    while details:
        # Where one of several shapes is taken, that is told which came furthest.
        start = _place(details[0], document)
        own = [each for each in details if _place(each, document)[: len(start)] == start]
        told = max(own, key=lambda each: len(_place(each, document)))
        problem = _problem(told, document)
        if len(problem) > _LONGEST_PROBLEM:
            problem = f"{problem[:_LONGEST_PROBLEM]}…"
        line = document.line_of(told["loc"])
        wrong.setdefault(line, ParamsError(name, line, problem))
        details = [each for each in details if each not in own]
    first = next(iter(wrong.values()))
    return ParamsError(name, first.line, first.problem + also, tuple(wrong.values()))


def _place(error: ErrorDetails, document: "Document") -> tuple[str | int, ...]:
    return error["loc"][: document.depth_of(error["loc"])]


def _problem(error: ErrorDetails, document: "Document") -> str:
    # Without what only the model knows, like the names of several shapes.
    place = shown(".".join(map(str, _place(error, document))))
    key = shown(str(error["loc"][-1])) if error["loc"] else ""
    match error["type"]:
        case "extra_forbidden":
            return f"unknown key '{key}' (at {place})"
        case "missing":
            return f"the key '{key}' is missing (at {f'{place}.' if place else ''}{key})"
        case "string_pattern_mismatch" if error["ctx"]["pattern"] == SLUG:
            words = "small letters a–z, digits and single hyphens (å and ä become a, ö becomes o)"
            return f"{place}: expected {words}, got '{shown(str(error['input']))}'"
        case "literal_error" | "enum" if isinstance(error["input"], str):
            return f"{place}: expected {error['ctx']['expected']}, got '{shown(error['input'])}'"
        case "value_error":
            said = shown(str(error["ctx"]["error"]), _LONGEST_PROBLEM)
            return f"{said} (at {place})" if place else said
        case _:
            given = type(error["input"]).__name__
            return f"{place}: {error['msg'][0].lower()}{error['msg'][1:]}, got {given}"
