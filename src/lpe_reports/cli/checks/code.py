"""A code cell's source as a tree, also where it holds what only IPython understands."""

import ast
import io
import re
import tokenize
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

_MAGIC = re.compile(r"^\s*(?:[\w, ]+=\s*)?(%{1,2}\w+|!\S*|\?\S+)")
_HELP = re.compile(r"^\s*[\w.]+\?{1,2}\s*$")
_MOST_MAGICS = 50
_ANYTHING = "x"  # in place of a value in a text

Node = TypeVar("Node", bound=ast.AST)


@dataclass(frozen=True)
class Code:
    """Python, as far as it is.

    Fields:
        tree: Its statements; none where it is no Python.
        magics: Lines that are IPython's own, as line and word.
        fault: Why it is no Python, as line and words.
    """

    tree: ast.Module
    magics: tuple[tuple[int, str], ...] = ()
    fault: tuple[int, str] | None = None

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """Every node, in no order."""
        return tuple(ast.walk(self.tree))

    def all(self, *kinds: type[Node]) -> Iterator[Node]:
        """Every node of some kinds, in no order."""
        return (node for node in self.nodes if isinstance(node, kinds))

    @cached_property
    def texts(self) -> tuple["Text", ...]:
        """Its literal texts; what stands in pieces (`"a" + "b"`) is put together, too."""
        inside: set[int] = set()
        found: list[Text] = []
        for node in self.nodes:  # an expression before its parts
            if id(node) in inside:
                continue
            if isinstance(node, ast.BinOp | ast.JoinedStr):
                inner, leaves = _pieces(node)
                values = [literal_text(leaf) for leaf in leaves]
                if any(values):
                    whole = "".join(_ANYTHING if value is None else value for value in values)
                    found.append(Text(whole, node.lineno))
                    inside |= {id(part) for part in inner}
                if None not in values:
                    inside |= {id(leaf) for leaf in leaves}
            elif (value := literal_text(node)) is not None:
                found.append(Text(value, getattr(node, "lineno", 1)))
        return tuple(found)


def _pieces(node: ast.expr) -> tuple[list[ast.expr], list[ast.expr]]:
    """The sums and f-strings that an expression is made of, and what they put together."""
    inner: list[ast.expr] = []
    leaves: list[ast.expr] = []
    rest = [node]
    while rest:
        part = rest.pop()
        if isinstance(part, ast.BinOp) and isinstance(part.op, ast.Add):
            inner.append(part)
            rest += (part.right, part.left)
        elif isinstance(part, ast.JoinedStr):
            inner.append(part)
            rest += reversed(part.values)
        else:
            leaves.append(part)
    return inner, leaves


def parse_code(source: str) -> Code:
    """The code of a cell; a line that is IPython's own is taken out and told."""
    lines = source.split("\n")
    magics: list[tuple[int, str]] = []
    for _ in range(_MOST_MAGICS):
        try:
            with warnings.catch_warnings():
                # A text like "\d" is a remark of Python's, and no fault.
                warnings.simplefilter("ignore")
                return Code(ast.parse("\n".join(lines)), tuple(magics))
        except SyntaxError as error:
            number = error.lineno or 1
            place = _magic_near(lines, number)
            if place is None:
                return Code(ast.Module([], []), tuple(magics), (number, error.msg or "not Python"))
            magics.append((place + 1, _word(lines[place])))
            if lines[place].lstrip().startswith("%%"):
                # The whole cell is in another language.
                return Code(ast.Module([], []), tuple(magics))
            indent = lines[place][: len(lines[place]) - len(lines[place].lstrip())]
            lines[place] = f"{indent}pass"
        except (ValueError, RecursionError, MemoryError) as error:
            return Code(ast.Module([], []), tuple(magics), (1, type(error).__name__))
    return Code(ast.Module([], []), tuple(magics))


def _magic_near(lines: list[str], number: int) -> int | None:
    """The line of IPython's own that a parser stumbled over: the one it names, or the first."""
    own = [n for n, line in enumerate(lines) if _MAGIC.match(line) or _HELP.match(line)]
    if number - 1 in own:
        return number - 1
    return own[0] if own else None


def _word(line: str) -> str:
    found = _MAGIC.match(line)
    return found[1] if found else line.strip()


def ends_silenced(source: str) -> bool:
    """Whether a cell ends with a semicolon, which makes IPython show nothing of it."""
    if ";" not in source:
        return False
    last = ""
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type in (tokenize.OP, tokenize.NAME, tokenize.STRING, tokenize.NUMBER):
                last = token.string
    except (tokenize.TokenError, SyntaxError, IndentationError):
        return False
    return last == ";"


def literal_text(node: ast.AST | None) -> str | None:
    """The text that an expression is; None where it is no literal text."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return None


@dataclass(frozen=True)
class Text:
    """A literal text and its line."""

    value: str
    line: int


def literal_texts(node: ast.AST | None) -> list[Text]:
    """The literal texts of an expression that is one, or a list or tuple of them."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [Text(node.value, node.lineno)]
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        return [each for part in node.elts for each in literal_texts(part)]
    return []


def keyword_of(call: ast.Call, name: str) -> ast.expr | None:
    """What a call gives by a name."""
    return next((given.value for given in call.keywords if given.arg == name), None)


def names_in(node: ast.AST) -> set[str]:
    """The names that an expression reads."""
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
