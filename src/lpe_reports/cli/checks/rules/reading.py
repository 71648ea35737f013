"""A notebook reads the night's extract by `p.read`, and nothing else."""

import ast
import re
from collections.abc import Iterator

from lpe_reports.cli.checks.code import literal_text
from lpe_reports.cli.checks.facts import Facts
from lpe_reports.cli.checks.finding import Hit, Part, rule
from lpe_reports.cli.checks.notebook import Notebook

IMPORTS = ("altair", "datetime", "math", "numpy", "pandas")
_CALLS = ("open", "exec", "eval", "compile", "input", "breakpoint")
_READS = re.compile(
    r"read_(?:csv|excel|parquet|sql|sql_query|sql_table|json|html|xml|feather|pickle|table|fwf|"
    r"orc|sas|spss|stata|hdf|clipboard)|scan_\w+|fromfile|loadtxt|genfromtxt|memmap|"
    r"to_(?:csv|excel|parquet|sql|json|html|feather|pickle|hdf|stata|latex|xml|clipboard)|"
    r"tofile|savetxt|savez?|savez_compressed|loads?|eval|ExcelFile|ExcelWriter|HDFStore"
)
# Words that a sentence has, too, count in capitals only; so do Swedish texts nothing of this.
_SQL = re.compile(
    r"\bSELECT\b.+\bFROM\b|\bINSERT\s+INTO\b|\bUPDATE\b.+\bSET\b|\bDELETE\s+FROM\b|"
    r"\b(?:CREATE|DROP|ALTER)\s+(?:TABLE|VIEW|SCHEMA)\b|\bWITH\b.+\bAS\s*\(|"
    # In small letters they must have a statement's shape besides.
    r"^\s*(?:"
    r"select\s+(?:distinct\s+)?[\w.*()]+(?:\s+as\s+\w+)?(?:\s*,\s*[\w.*()]+(?:\s+as\s+\w+)?)*"
    r"\s+from\s+[\w.]+\s*(?:$|[;,(]|(?:where|join|left|inner|group|order|limit|union)\s)|"
    r"select\s.+\sfrom\s+[\w.]+(?:\s+\w+)?\s+"
    r"(?:where\s+\S+\s*(?:[=<>!]|in\b|is\b|like\b|between\b)|(?:group|order)\s+by\s|join\s)|"
    r"insert\s+into\s+[\w.]+\s*(?:\(|values\b|select\b|default\b)|"
    r"delete\s+from\s+[\w.]+\s*(?:$|;|where\s)|"
    r"update\s+[\w.]+\s+set\s+[\w.]+\s*=|"
    r"create\s+table\s+(?:if\s+not\s+exists\s+)?[\w.]+\s*(?:\(|as\s)|"
    r"drop\s+table\s+(?:if\s+exists\s+)?[\w.]+\s*(?:$|;|cascade\b)|"
    r"alter\s+table\s+[\w.]+\s+(?:add|drop|alter|rename)\s)",
    re.DOTALL,
)
_PATH = re.compile(
    r"\A\s*(?:/[\w.-]+/|~[\w]*[/\\]|[A-Za-z]:[\\/]+(?:[\w.$%~]|$)|\\\\\w|file:|\.\.[\\/])"
)
_ADDRESS = re.compile(r"\b(?:https?|ftps?|sftp|s3|gs|abfss?|ldaps?|wss?|jdbc:\w+):/*\w", re.I)


@rule(
    "import",
    Part.LOGIC,
    f"An import of anything but `lpe_reports.page` and {', '.join(f'`{n}`' for n in IMPORTS)}, or "
    "of all that a module holds (`*`).",
    "Import it in the package, where what it does is tested.",
)
def imports(notebook: Notebook, facts: Facts) -> Iterator[Hit]:
    """What a notebook can reach is what somebody has looked through."""
    may = ", ".join(IMPORTS)
    for cell in notebook.code_cells:
        for node in cell.code.nodes:
            for name in _imported(node):
                said = (
                    f"imports {name}; a notebook takes `from lpe_reports import page`, {may}. "
                    "What needs more belongs in the package"
                )
                yield Hit(said, cell.number, getattr(node, "lineno", None))


def _imported(node: ast.AST) -> list[str]:
    """What an import brings that may not be brought."""
    if not isinstance(node, ast.Import | ast.ImportFrom):
        return []
    if isinstance(node, ast.Import):
        names = [alias.name for alias in node.names]
        return [n for n in names if n.partition(".")[0] not in IMPORTS and not _is_page(n)]
    module = "." * node.level + (node.module or "")
    if any(alias.name == "*" for alias in node.names):
        return [f"* of {module}, which is whatever it holds"]
    if module == "lpe_reports":
        return [f"lpe_reports.{alias.name}" for alias in node.names if alias.name != "page"]
    return [] if module.partition(".")[0] in IMPORTS or _is_page(module) else [module]


def _is_page(module: str) -> bool:
    return module == "lpe_reports.page"


@rule(
    "file",
    Part.LOGIC,
    "Files and frames read or written past the page: `open()`, `pd.read_csv`, `to_excel`, "
    "`np.load`, `eval`, `query` with `@`; called or only named.",
    "Read the night's extract with `p.read`; downloads are made of what is shown.",
)
def files(notebook: Notebook, facts: Facts) -> Iterator[Hit]:
    """What is read so is no part of the extract: no contract, no digest, no rerun."""
    for cell in notebook.code_cells:
        called = {id(call.func): call for call in cell.code.all(ast.Call)}
        for node in cell.code.nodes:
            for name in _reading(node, called.get(id(node)), notebook):
                said = (
                    f"{name}(…): a notebook reads the night's extract with p.read(…) and writes "
                    "nothing; what else it needs belongs in the package"
                )
                yield Hit(said, cell.number, getattr(node, "lineno", None))


def _reading(node: ast.AST, call: ast.Call | None, notebook: Notebook) -> list[str]:
    """What reads or writes, called or only named; `call` is the call of it."""
    if isinstance(node, ast.ImportFrom):
        return [alias.name for alias in node.names if _READS.fullmatch(alias.name)]
    if isinstance(node, ast.Name):
        # A variable may be called `input`.
        own = call is None and (node.id in notebook.assigned or isinstance(node.ctx, ast.Store))
        return [node.id] if node.id in _CALLS and not own else []
    if not isinstance(node, ast.Attribute) or not isinstance(node.ctx, ast.Load):
        return []
    if node.attr == "query":
        asked = literal_text(call.args[0]) if call is not None and call.args else None
        return [] if asked is not None and "@" not in asked else ["query"]
    return [node.attr] if _READS.fullmatch(node.attr) else []


@rule(
    "sql-in-notebook",
    Part.LOGIC,
    "A text that is SQL.",
    "Ask with `p.read(table, units=…, start=…, end=…, where={…})`.",
)
def sql(notebook: Notebook, facts: Facts) -> Iterator[Hit]:
    """It would ask past the extract, and past what the run is known to have read."""
    for cell, line in _lines(notebook, _SQL):
        said = "a text that is SQL; ask with p.read(table, start=…, end=…, where={…})"
        yield Hit(said, cell, line)


@rule(
    "path",
    Part.LOGIC,
    "A text that is a path of one machine: `/mnt/…`, `~/…`, `C:\\…`, `..`.",
    "Take it away; pictures lie beside the notebook and are named in prose.",
)
def paths(notebook: Notebook, facts: Facts) -> Iterator[Hit]:
    """It leads nowhere on the next machine, and may tell who wrote it."""
    for cell, line in _lines(notebook, _PATH):
        said = "a text that is a path of this machine; it leads nowhere on another. Take it away"
        yield Hit(said, cell, line)


@rule(
    "network",
    Part.LOGIC,
    "A text that is the address of a host, in code.",
    "Take it away: a run and a page ask no other host; a link may stand in prose.",
)
def addresses(notebook: Notebook, facts: Facts) -> Iterator[Hit]:
    """Runs have what the extract has; pages ask nobody for anything."""
    for cell, line in _lines(notebook, _ADDRESS):
        said = "the address of another host in code: a run asks none. A link stands in prose"
        yield Hit(said, cell, line)


def _lines(notebook: Notebook, pattern: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """Where a literal text of the code has a shape: cell and line, each once."""
    for cell in notebook.code_cells:
        lines = [text.line for text in cell.code.texts if pattern.search(text.value)]
        yield from ((cell.number, line) for line in dict.fromkeys(lines))
