"""The shape of the package: imports run one way, and never in a circle."""

import ast
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2] / "src" / "lpe_reports"
# Downwards only: a module may import from its own rank or from one before it.
ORDER = [
    ["errors", "moment", "periods", "progress", "settings", "starter", "system", "wording"],
    ["params"],
    ["warehouse"],
    ["measures"],
    ["disclosure"],
    ["display", "page"],
    ["build", "testing"],
    ["render"],
    ["publish"],
    ["cli"],
]
RANK = {name: rank for rank, names in enumerate(ORDER) for name in names}


@cache
def imports_of(path: Path) -> set[str]:
    """The modules of the package that a file imports, whole dotted names."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("lpe_reports"):
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {a.name for a in node.names if a.name.startswith("lpe_reports")}
    return found


def part_of(dotted: str) -> str | None:
    """The part of the package (its top folder or module) that a dotted name lies in."""
    steps = dotted.split(".")
    return steps[1] if len(steps) > 1 and steps[1] in RANK else None


def test_every_part_of_the_package_has_a_place() -> None:
    """A new folder or module must be given its place in the order."""
    parts = {p.stem for p in PACKAGE.iterdir() if p.suffix == ".py" or (p / "__init__.py").exists()}

    assert parts - {"__init__"} <= RANK.keys()


def test_imports_run_downwards_only() -> None:
    """Measures, disclosure and display never import build, render or publish; and so on."""
    wrong = []
    for path in PACKAGE.rglob("*.py"):
        own = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        if own == "__init__":
            continue
        for name in imports_of(path):
            part = part_of(name)
            if part and RANK[part] > RANK[own]:
                wrong.append(f"{path.relative_to(PACKAGE)} imports {name}")

    assert wrong == []


def test_imports_make_no_circle() -> None:
    """Modules can be read in an order in which everything was explained before."""
    modules = {
        ".".join(("lpe_reports", *p.relative_to(PACKAGE).with_suffix("").parts)): p
        for p in PACKAGE.rglob("*.py")
        if p.stem != "__init__"
    }
    graph = {
        name: {
            other
            for imported in imports_of(path)
            for other in (imported, imported.rpartition(".")[0])
            if other in modules and other != name
        }
        for name, path in modules.items()
    }
    done: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, " → ".join((*trail[trail.index(name) :], name))
        if name not in done:
            for other in graph[name]:
                visit(other, (*trail, name))
            done.add(name)

    for name in graph:
        visit(name, ())
