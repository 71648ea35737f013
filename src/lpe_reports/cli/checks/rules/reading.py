"""A notebook reads the night's extract by `p.read`, and nothing else."""

import ast
import re
from collections.abc import Iterator

from lpe_reports.cli.checks.facts import Facts
from lpe_reports.cli.checks.finding import Hit, Part, rule
from lpe_reports.cli.checks.notebook import Cell, Notebook

IMPORTS = ("altair", "datetime", "math", "numpy", "pandas")
_CALLS = ("open", "exec", "eval", "compile", "__import__", "input", "breakpoint", "globals")
_READS = re.compile(
    r"read_(?:csv|excel|parquet|sql|sql_query|sql_table|json|html|xml|feather|pickle|table|fwf|"
    r"orc|sas|spss|stata|hdf|clipboard)|scan_\w+|fromfile|loadtxt|genfromtxt|memmap|"
    r"to_(?:csv|excel|parquet|sql|json|html|feather|pickle|hdf|stata|latex|xml|clipboard)|"
    r"tofile|savetxt|savez?"
)
# Words that a sentence has, too, count in capitals only; so do Swedish texts nothing of this.
_SQL = re.compile(
    r"\bSELECT\b.+\bFROM\b|\bINSERT\s+INTO\b|\bUPDATE\b.+\bSET\b|\bDELETE\s+FROM\b|"
    r"\b(?:CREATE|DROP|ALTER)\s+(?:TABLE|VIEW|SCHEMA)\b|\bWITH\b.+\bAS\s*\(|"
    r"^\s*(?:select\s+.+\sfrom\s+\w|insert\s+into\s|delete\s+from\s|update\s+\w+\s+set\s|"
    r"(?:create|drop|alter)\s+table\s)",
    re.DOTALL,
)
_PATH = re.compile(r"\s*(?:/[\w.-]+/|~[\w]*[/\\]|[A-Za-z]:[\\/]|\\\\\w|file:|\.\.[\\/])")
_ADDRESS = re.compile(r"\b(?:https?|ftps?|sftp|s3|gs|abfss?|ldaps?|wss?|jdbc:\w+):/*\w", re.I)


@rule(
    "import",
    Part.LOGIC,
    f"An import of anything but `lpe_reports.page` and {', '.join(f'`{n}`' for n in IMPORTS)}.",
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
    if module == "lpe_reports":
        return [f"lpe_reports.{alias.name}" for alias in node.names if alias.name != "page"]
    return [] if module.partition(".")[0] in IMPORTS or _is_page(module) else [module]


def _is_page(module: str) -> bool:
    return module == "lpe_reports.page"


@rule(
    "file",
    Part.LOGIC,
    "Files and frames read or written past the page: `open()`, `pd.read_csv`, `to_excel`, `eval`.",
    "Read the night's extract with `p.read`; downloads are made of what is shown.",
)
def files(notebook: Notebook, facts: Facts) -> Iterator[Hit]:
    """What is read so is no part of the extract: no contract, no digest, no rerun."""
    for cell in notebook.code_cells:
        for node in cell.code.all(ast.Call):
            function = node.func
            name = ""
            if isinstance(function, ast.Name) and function.id in _CALLS:
                name = function.id
            elif isinstance(function, ast.Attribute) and _READS.fullmatch(function.attr):
                name = function.attr
            if name:
                said = (
                    f"{name}(…): a notebook reads the night's extract with p.read(…) and writes "
                    "nothing; what else it needs belongs in the package"
                )
                yield Hit(said, cell.number, node.lineno)


@rule(
    "sql-in-notebook",
    Part.LOGIC,
    "A text that is SQL.",
    "Ask with `p.read(table, units=…, start=…, end=…, where={…})`.",
)
def sql(notebook: Notebook, facts: Facts) -> Iterator[Hit]:
    """It would ask past the extract, and past what the run is known to have read."""
    for cell, text in _texts(notebook):
        if _SQL.search(str(text.value)):
            said = "a text that is SQL; ask with p.read(table, start=…, end=…, where={…})"
            yield Hit(said, cell.number, text.lineno)


@rule(
    "path",
    Part.LOGIC,
    "A text that is a path of one machine: `/mnt/…`, `~/…`, `C:\\…`, `..`.",
    "Take it away; pictures lie beside the notebook and are named in prose.",
)
def paths(notebook: Notebook, facts: Facts) -> Iterator[Hit]:
    """It leads nowhere on the next machine, and may tell who wrote it."""
    for cell, text in _texts(notebook):
        if _PATH.match(str(text.value)):
            said = (
                "a text that is a path of this machine; it leads nowhere on another. Take it away"
            )
            yield Hit(said, cell.number, text.lineno)


@rule(
    "network",
    Part.LOGIC,
    "A text that is the address of a host, in code.",
    "Take it away: a run and a page ask no other host; a link may stand in prose.",
)
def addresses(notebook: Notebook, facts: Facts) -> Iterator[Hit]:
    """Runs have what the extract has; pages ask nobody for anything."""
    for cell, text in _texts(notebook):
        if _ADDRESS.search(str(text.value)):
            said = "the address of another host in code: a run asks none. A link stands in prose"
            yield Hit(said, cell.number, text.lineno)


def _texts(notebook: Notebook) -> Iterator[tuple[Cell, ast.Constant]]:
    for cell in notebook.code_cells:
        for node in cell.code.all(ast.Constant):
            if isinstance(node.value, str):
                yield cell, node
