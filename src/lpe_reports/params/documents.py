"""YAML as plain values with the line of each; what is hostile is refused before it costs much.

YAML 1.2, so that `no` is a word and not False, without what only programs need: tags, directives,
several documents, numbers in other bases. What a text unfolds to is bounded, whatever it says.
"""

import math
import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from ruamel.yaml import YAML
from ruamel.yaml.composer import Composer, MaxDepthExceededError
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from lpe_reports import wording
from lpe_reports.params.quoting import shown

# Far above any real file, and what the parser gets through within a second.
MAX_VALUES = 20_000  # keys and values, with those that references (&a, *a) stand for
MAX_SIGNS = 1_000_000  # of all texts together, with the same
MAX_DEPTH = 20
MAX_LINE = 10_000
UNSEEN = "holds a sign that cannot be seen (control sign, forced direction)"

_TAG = "tag:yaml.org,2002:"
_WHOLE = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"[-+]?([0-9]{1,40}(\.[0-9]{0,40})?|\.[0-9]{1,40})([eE][-+]?[0-9]{1,4})?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# What the parser says, and what its reader can do about it.
_HINTS = {
    "mapping values are not allowed": "a colon where none can stand; put the text in quotes, or "
    "begin the line at the column of the lines that it belongs to",
    "expected <block end>": "this line begins at another column than the lines it belongs to",
    "could not find expected ':'": "expected 'key: value'",
    "\\t' that cannot start": "a tab; write spaces in its place, or put the text in quotes",
    "that cannot start any token": "a text cannot begin like this; put it in quotes",
    "but found another document": "a line '---' begins another document; a file holds one",
}


class DocumentError(Exception):
    """What is wrong with a text as YAML, and in which line of it."""

    def __init__(self, line: int | None, problem: str) -> None:
        super().__init__(problem)
        self.line, self.problem = line, problem


class Document(dict[str, Any]):
    """The mapping that a YAML text describes, which knows the lines of what it holds."""

    def __init__(self, values: dict[str, Any], root: Node) -> None:
        super().__init__(values)
        self._root = root

    def line_of(self, place: Sequence[str | int]) -> int:
        """The line, from 1, of a place in it, or of the nearest thing around it."""
        return _steps(self._root, place)[1]

    def depth_of(self, place: Sequence[str | int]) -> int:
        """How many steps of a place are there."""
        return _steps(self._root, place)[0]


def parse(text: str) -> Document:
    """The document of a YAML text.

    Raises:
        DocumentError: It is no YAML, no mapping, or more than a params file can be.
    """
    _check_lines(text)
    yaml = YAML(typ="safe", pure=True)
    yaml.Composer = _Composer
    yaml.max_depth = MAX_DEPTH
    composer: _Composer = yaml.composer
    try:
        root = yaml.compose(text)
    except MaxDepthExceededError as error:
        raise DocumentError(_line(error.problem_mark), f"deeper than {MAX_DEPTH} levels") from None
    except MarkedYAMLError as error:
        raise DocumentError(_line(error.problem_mark or error.context_mark), _said(error)) from None
    except (YAMLError, ValueError, OverflowError, AttributeError, AssertionError) as error:
        # The parser's own stumbling over what is no YAML; it was about to read what comes next.
        raise DocumentError(composer.line, f"not YAML ({type(error).__name__})") from None
    if not isinstance(root, MappingNode):
        raise DocumentError(1, "expected keys with values ('key: value') at the top level")
    return Document(_Unfolding().value(root, ()), root)


class _Composer(Composer):
    """Ruamel's, for as many values as a file may have."""

    def __init__(self, loader: Any = None) -> None:
        super().__init__(loader)
        self.warn_double_anchors = False
        self.line: int | None = 1  # where it is
        self._left = MAX_VALUES

    def compose_document(self) -> Any:
        start = self.parser.peek_event()
        if start.version or start.tags:
            raise DocumentError(
                _line(start.start_mark), "a line that begins with '%'; leave it out"
            )
        return super().compose_document()

    def compose_node(self, parent: Any, index: Any) -> Any:
        self.line = _line(self.parser.peek_event().start_mark)
        self._left -= 1
        if self._left < 0:
            raise _too_many(self.line)
        return super().compose_node(parent, index)


class _Unfolding:
    """Plain values of nodes, as long as all together stay within what a file may unfold to."""

    def __init__(self) -> None:
        self._values = MAX_VALUES
        self._signs = MAX_SIGNS

    def value(self, node: Node, place: tuple[str | int, ...]) -> Any:
        """What a node at a place stands for."""
        self._take(node)
        if len(place) > MAX_DEPTH:
            raise DocumentError(
                _line(node.start_mark), f"deeper than {MAX_DEPTH} levels{_at(place)}"
            )
        match str(node.tag).removeprefix(_TAG), node:
            case "map", MappingNode():
                return self._mapping(node, place)
            case "seq", SequenceNode():
                return [self.value(item, (*place, n)) for n, item in enumerate(node.value)]
            case tag, ScalarNode():
                self._take(node, 0, len(node.value))
                return _scalar(tag, node, place)
        raise _wrong(node, place, _foreign(node))

    def _take(self, node: Node, values: int = 1, signs: int = 0) -> None:
        self._values -= values
        self._signs -= signs
        if self._values < 0 or self._signs < 0:
            raise _too_many(_line(node.start_mark))

    def _mapping(self, node: MappingNode, place: tuple[str | int, ...]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, inner in node.value:
            if _is_merge(key):
                continue
            name = self.value(key, place) if isinstance(key, ScalarNode) else None
            if not isinstance(name, str):
                if not isinstance(key, ScalarNode) or name is None:
                    raise _wrong(key, place, "a key that is no text; expected 'key: value'")
                word = f"the key {shown(key.value)} is no text"
                raise _wrong(key, place, f"{word}; write it in quotes: '{shown(key.value)}'")
            if name in found:
                raise _wrong(
                    key, place, f'found duplicate key "{shown(name)}"; each key stands once'
                )
            found[name] = self.value(inner, (*place, name))
        for name, inner in self.merged(node, place):
            if name not in found:
                found[name] = self.value(inner, (*place, name))
        return found

    def merged(
        self, node: MappingNode, place: Sequence[str | int] = (), depth: int = 0
    ) -> Iterator[tuple[str, Node]]:
        """What a mapping takes from others by `<<`, with what those take."""
        for key, inner in node.value:
            if not _is_merge(key):
                continue
            for source in inner.value if isinstance(inner, SequenceNode) else [inner]:
                self._take(key)
                if not isinstance(source, MappingNode) or depth == MAX_DEPTH:
                    said = "'<<' takes the keys of another mapping, or a list of such"
                    raise _wrong(key, place, said)
                for name, value in source.value:
                    if isinstance(name, ScalarNode) and not _is_merge(name):
                        self._take(key)
                        yield name.value, value
                yield from self.merged(source, place, depth + 1)


def _scalar(tag: str, node: ScalarNode, place: tuple[str | int, ...]) -> Any:
    text: str = node.value
    match tag:
        case "str" | "value" | "yaml":
            if wording.legible(text) != text:
                raise _wrong(node, place, UNSEEN)
            return text
        case "null" if text.lower() in ("", "~", "null"):
            return None
        case "bool" if text.lower() in ("true", "false"):
            return text.lower() == "true"
        case "int" if _WHOLE.fullmatch(text):
            return int(text)
        case "float" if _DECIMAL.fullmatch(text):
            number = float(text)
            if not math.isfinite(number):
                raise _wrong(node, place, f"{shown(text)} is larger than any number; leave it out")
            return number
        case "float" if text.lower().lstrip("+-") in (".inf", ".nan"):
            raise _wrong(node, place, f"{shown(text)} is no number; leave it out")
        case "int" | "float":
            said = "expected a number in plain digits, like 12 or 0.5, or a text in quotes"
            raise _wrong(node, place, f"{said}; got {shown(text, 40)}")
        case "timestamp":
            return _day(node, place)
    raise _wrong(node, place, _foreign(node))


def _foreign(node: Node) -> str:
    tag = str(node.tag).replace(_TAG, "!!")
    return f"the tag '{shown(tag)}' means nothing here, or not with this value; leave it out"


def _day(node: ScalarNode, place: tuple[str | int, ...]) -> date:
    text = node.value
    if not _DAY.fullmatch(text):
        said = "a time of day, where a day is expected"
        raise _wrong(
            node, place, f"{said}; if it shall be a text, write it in quotes: '{shown(text)}'"
        )
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise _wrong(node, place, f"there is no day {text}") from None


def _is_merge(key: Node) -> bool:
    return isinstance(key, ScalarNode) and str(key.tag) == f"{_TAG}merge"


class _Reached(NamedTuple):
    steps: int
    line: int


def _steps(root: Node, place: Sequence[str | int]) -> _Reached:
    """How far a place leads, and to which line."""
    node, line = root, 1
    for steps, step in enumerate(place):
        found = _below(node, step)
        if found is None:
            return _Reached(steps, line)
        line, node = _line(found[0].start_mark) or line, found[1]
    return _Reached(len(place), line)


def _below(node: Node, step: str | int) -> tuple[Node, Node] | None:
    """What stands at a step, after where it begins: its key, or itself."""
    if isinstance(node, SequenceNode) and isinstance(step, int):
        item = node.value[step] if 0 <= step < len(node.value) else None
        return (item, item) if item is not None else None
    if not isinstance(node, MappingNode):
        return None
    for key, value in node.value:
        if isinstance(key, ScalarNode) and key.value == step and not _is_merge(key):
            return key, value
    return next(((v, v) for name, v in _Unfolding().merged(node) if name == step), None)


def _check_lines(text: str) -> None:
    for number, line in enumerate(text.split("\n"), start=1):
        if "\t" in line[: len(line) - len(line.lstrip())]:
            raise DocumentError(number, "a tab in the indentation; YAML takes spaces only")
        if wording.legible(line) != line:
            raise DocumentError(number, UNSEEN)
        if len(line) > MAX_LINE:
            raise DocumentError(number, f"a line of more than {MAX_LINE} signs; break it")


def _said(error: MarkedYAMLError) -> str:
    problem = shown(error.problem or "not YAML", 160)
    return next((hint for words, hint in _HINTS.items() if words in problem), problem)


def _line(mark: Any) -> int | None:
    return mark.line + 1 if mark is not None else None


def _at(place: Sequence[str | int]) -> str:
    return f" (at {shown('.'.join(map(str, place)))})" if place else ""


def _wrong(node: Node, place: Sequence[str | int], problem: str) -> DocumentError:
    return DocumentError(_line(node.start_mark), problem + _at(place))


def _too_many(line: int | None) -> DocumentError:
    said = f"more than {MAX_VALUES} keys and values, or {MAX_SIGNS} signs of text"
    return DocumentError(line, f"{said}, with what references stand for; divide or shorten it")
