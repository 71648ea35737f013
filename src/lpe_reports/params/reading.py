"""YAML files into strict objects: what is wrong is named with file and line.

YAML 1.2 (ruamel.yaml), so that `no` is a word and not False; duplicate keys, tabs, unknown
keys and wrong types are errors.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator
from pydantic_core import ErrorDetails

from lpe_reports import wording
from lpe_reports.errors import ParamsError
from lpe_reports.params.parsed import keep_parsed, parsed_before

# Far above any real file; a params file that reaches it is a mistake or an attack, and is
# refused before it costs memory.
MAX_BYTES = 2_000_000
# References (&a, *a) let a small file unfold without end; no real file holds this many values.
MAX_VALUES = 200_000


class ParamsModel(BaseModel):
    """Base of all params: no unknown keys, no guessing of types, never changed after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

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
    plain = parsed_before(root, name, data)
    if plain is None:
        document = _document(data, name)
        if not _is_mapping(document):
            raise ParamsError(name, 1, "expected keys with values ('key: value') at the top level")
        try:
            plain = _plain(document, iter(range(MAX_VALUES)))
        except (_TooManyValuesError, RecursionError):
            raise ParamsError(name, None, f"more than {MAX_VALUES} values; write it out") from None
        keep_parsed(root, name, data, plain)
    try:
        # Of plain Python containers: tuples and dates are then taken as the model says.
        return model.model_validate(plain)
    except ValidationError as error:
        details = error.errors(include_url=False)
        first = details[0]
        more = f" (and {len(details) - 1} more in this file)" if len(details) > 1 else ""
        line = line_of(_document(data, name), first["loc"])
        raise ParamsError(name, line, _problem(first) + more) from None


def read_yaml(path: Path, root: Path) -> Any:
    """The YAML document of a file, with the lines of its keys (`line_of`)."""
    name = _relative(path, root)
    return _document(_bytes(path, name), name)


def _bytes(path: Path, name: str) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ParamsError(name, None, f"larger than {MAX_BYTES // 1_000_000} MB; split it")
        return path.read_bytes()
    except FileNotFoundError:
        raise ParamsError(name, None, "the file is missing") from None


def _document(data: bytes, name: str) -> Any:
    # Imported here: the files of a night are parsed once, and read by thousands of processes.
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ParamsError(name, None, "not UTF-8; save the file as UTF-8") from None
    # Line ends of all systems, as a text file is read.
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    for number, line in enumerate(text.splitlines(), start=1):
        if "\t" in line[: len(line) - len(line.lstrip())]:
            raise ParamsError(name, number, "a tab in the indentation; YAML takes spaces only")
    yaml = YAML(typ="rt", pure=True)
    yaml.max_depth = 20
    try:
        return yaml.load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = " ".join((error.problem or "not YAML").split())
        if "duplicate key" in problem:
            problem = f"{problem.split(' with value')[0]}; each key stands once"
        raise ParamsError(name, mark.line + 1 if mark else None, problem) from None
    except (YAMLError, ValueError, RecursionError) as error:
        raise ParamsError(name, None, f"not YAML ({type(error).__name__})") from None


def _is_mapping(document: Any) -> bool:
    from ruamel.yaml.comments import CommentedMap

    return isinstance(document, CommentedMap)


def line_of(document: Any, location: Sequence[str | int]) -> int | None:
    """The line, from 1, of a place in a document, or of the nearest thing around it."""
    from ruamel.yaml.comments import CommentedMap, CommentedSeq

    line: int | None = 1
    node = document
    for step in location:
        try:
            if isinstance(node, CommentedMap) and step in node:
                line = node.lc.key(step)[0] + 1
            elif isinstance(node, CommentedSeq) and isinstance(step, int):
                line = node.lc.item(step)[0] + 1
            else:
                break
            node = node[step]
        except (KeyError, IndexError, TypeError, AttributeError):
            break
    return line


def _relative(path: Path, root: Path) -> str:
    try:
        return path.resolve().relative_to(root.resolve()).as_posix()
    except ValueError:
        return path.name


class _TooManyValuesError(Exception):
    pass


def _plain(node: Any, budget: Iterator[int]) -> Any:
    """Ruamel's containers and scalars as Python's own; every value takes one from the budget."""
    if next(budget, None) is None:
        raise _TooManyValuesError
    if isinstance(node, dict):
        return {key: _plain(value, budget) for key, value in node.items()}
    if isinstance(node, list):
        return [_plain(value, budget) for value in node]
    for kind in (bool, int, float, str):
        if isinstance(node, kind):
            return kind(node)
    return node


def _problem(error: ErrorDetails) -> str:
    place = ".".join(str(step) for step in error["loc"])
    key = error["loc"][-1] if error["loc"] else ""
    match error["type"]:
        case "extra_forbidden":
            return f"unknown key '{key}' (at {place})"
        case "missing":
            return f"the key '{key}' is missing (at {place})"
        case "value_error":
            return str(error["ctx"]["error"]) + f" (at {place})"
        case _:
            given = type(error["input"]).__name__
            return f"{place}: {error['msg'][0].lower()}{error['msg'][1:]}, got {given}"
