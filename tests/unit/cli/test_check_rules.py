"""Each rule of `lpe check` over notebooks: what it finds, where, and what it lets pass."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lpe_reports.cli.checks.facts import Facts
from lpe_reports.cli.checks.finding import RULES, Finding, Part, find_in
from lpe_reports.cli.checks.notebook import Notebook
from lpe_reports.cli.checks.params import ParamsCheck
from lpe_reports.cli.checks.project import rules as all_rules
from lpe_reports.settings import Project
from notebook_cells import NAME, OPEN, PARAMETERS, cell, notebook

pytestmark = pytest.mark.promise(
    "authors", "`lpe check` names all that is wrong at once, each with its file, cell or line"
)

TABLE = 'p.table(p.answer("flow.steps"), caption="X", selection="Alla", definitions="care_flow")'
PASSES = {
    "prose and calls": ['#:## Rubrik', TABLE],
    "a chosen series": ['s = p.measures(["operations"])', "p.trend([o.last(4) for o in s])"],
    "names unpacked": ['a, b = p.measures(["operations", "waiting"])', "p.key_figures(a, b)"],
    "one's own arithmetic": [
        "import pandas as pd\nimport datetime",
        'rows = p.read("operations", columns=["sex"])\n'
        'counted = rows.groupby("sex").size().rename("n").reset_index()\n'
        'counted["days"] = (counted["n"] * 2).map(lambda n: n + 1)\n'
        'own = p.protect(counted, table="by_sex", columns=[page.Column("sex", "Kön")])',
        'p.table(own, caption="Kön", selection="Alla", definitions="operations")',
    ],
    "side by side": [
        's = p.series("operations", unit="bo-opc")',
        'left = p.table(s)\nright = p.trend(s)\np.row(left, right)',
    ],
    "the page's own unit and module": [
        "from lpe_reports.page import Column, Draft",
        'p.trend(p.series("operations", unit="own", vo=None))',
    ],
    "shown by its name": ['s = p.trend(p.series("operations"))\ns'],
    "prose with signs": ['#:Väljs ur listan: 10 % / vecka? Se [sidan](https://example.invalid/).'],
    "swedish that sounds like SQL": ['p.note("Select är ett ord, from ett annat; with as well.")'],
    "words that begin as SQL does": [
        'p.note("insert into calendars the days that are off")',
        'p.note("select a week from the list")',
        'p.note("update weeks set aside for leave")',
    ],
    "no path": ['x = "I:\\\\ ej"'],
    "a cell that begins with words": ['"""Vad cellen gör."""\nx = p.series("operations")'],
    "one that chooses": ['x = p.series("operations", vo=None if weeks > 4 else unit)'],
    "a name of its own": ["x = [unit for unit in [1]]", "input = 2\ny = input"],
    "asking rows of a frame": ['x = p.read("operations").query("weeks > 4")'],
    "a section for some": [
        "#:## Flöden", 'p.section("visiting")', "#:## Sedan", "p.section()", "p.comment()",
    ],
}  # fmt: skip

# Per rule: the cells from the fourth on, the cell and line that it names, and some of its words.
WRONG: list[tuple[str, list[str], tuple[int, int | None], str]] = [
    ("syntax", ["x = 1\ny = ("], (4, 2), "no Python"),
    ("magic", ["%time x = 1"], (4, 1), "'%time'"),
    ("magic", ["x = 1\nfiles = !ls"], (4, 2), "'!ls'"),
    ("magic", ["p?"], (4, 1), "p?"),
    ("magic", ["%%bash\nrm -rf build"], (4, 1), "'%%bash'"),
    ("magic", ['get_ipython().run_line_magic("time", "")'], (4, 1), "get_ipython()"),
    ("definition", ["def f(x):\n    return x"], (4, 1), "`def f`"),
    ("definition", ["class A:\n    pass"], (4, 1), "`class A`"),
    ("lambda", ["f = sorted([1], key=lambda a: (\n    a))"], (4, 1), "several lines"),
    ("loop", ["for x in [1]:\n    y = x"], (4, 1), "`for`"),
    ("loop", ["while True:\n    y = 1"], (4, 1), "`while`"),
    ("branch", ["if unit:\n    y = 1"], (4, 1), "`if`"),
    ("branch", ["try:\n    y = 1\nexcept ValueError:\n    y = 2"], (4, 1), "`try`"),
    ("branch", ["match unit:\n    case _:\n        x = 1"], (4, 1), "`match`"),
    ("branch", ["x = 1\ndel x"], (4, 2), "`del`"),
    ("comprehension", ["y = [x * 2 for x in [1]]"], (4, 1), "reckons"),
    ("comprehension", ["y = [a for b in [[1]] for a in b]"], (4, 1), "reckons"),
    ("magic", ['x = """\n%time\n"""\n!ls'], (4, 4), "'!ls'"),
    ("import", ["import os"], (4, 1), "imports os"),
    ("import", ["\n\nimport os"], (4, 3), "imports os"),
    ("import", ["from lpe_reports.measures import waiting"], (4, 1), "lpe_reports.measures"),
    ("import", ["from lpe_reports import wording"], (4, 1), "lpe_reports.wording"),
    ("file", ['x = open("a.csv")'], (4, 1), "open(…)"),
    ("file", ['import pandas as pd\nx = pd.read_csv("a.csv")'], (4, 2), "read_csv(…)"),
    ("file", ['x = p.read("operations").to_excel("a.xlsx")'], (4, 1), "to_excel(…)"),
    ("file", ['from pandas import read_csv\nread_csv("a.csv")'], (4, 1), "read_csv(…)"),
    ("file", ['import pandas as pd\nr = pd.read_csv\nx = r("a.csv")'], (4, 2), "read_csv(…)"),
    ("file", ['import numpy as np\nx = np.load("a.npy")'], (4, 2), "load(…)"),
    ("file", ['import pandas as pd\nx = pd.eval("1")'], (4, 2), "eval(…)"),
    ("file", ['x = rows.eval("a = 1")'], (4, 1), "eval(…)"),
    ("file", ['x = rows.query("@pd.io")'], (4, 1), "query(…)"),
    ("file", ["x = rows.query(unit)"], (4, 1), "query(…)"),
    ("file", ["f = open"], (4, 1), "open(…)"),
    ("import", ["from pandas import *"], (4, 1), "* of pandas"),
    ("way-out", ['import pandas as pd\npd.io.common.os.system("ls")'], (4, 2), "'os'"),
    ("way-out", ['import numpy as np\nnp.lib.npyio.os.popen("ls")'], (4, 2), "'os'"),
    ("way-out", ["from pandas.io.common import os"], (4, 1), "'os'"),
    ("way-out", ["x = ().__class__"], (4, 1), "'__class__'"),
    ("way-out", ["x = page.open.__globals__"], (4, 1), "'__globals__'"),
    ("way-out", ['x = __builtins__["open"]'], (4, 1), "'__builtins__'"),
    ("way-out", ['x = getattr(p, "close")'], (4, 1), "'getattr'"),
    ("way-out", ["x = vars"], (4, 1), "'vars'"),
    ("way-out", ["x = globals()"], (4, 1), "'globals'"),
    ("page-changed", ["p.protect = p.table"], (4, 1), "p.protect is given"),
    ("page-changed", ["x = 1\npage.Column = x"], (4, 2), "page.Column is given"),
    ("page-changed", ['p.settings["a"] = 1'], (4, 1), "p.settings['a'] is given"),
    ("branch", ["unit and p.comment()"], (4, 1), "`and`"),
    ("branch", ["unit or p.comment()"], (4, 1), "`or`"),
    ("branch", ["x = weeks * 2 if unit else 1"], (4, 1), "`… if … else …`"),
    ("branch", ["p.comment() if unit else None"], (4, 1), "`… if … else …`"),
    ("loop", ['x = rows.apply(lambda r: r["a"], axis=1)'], (4, 1), "each row"),
    ("loop", ['x = rows.apply(f, axis="columns")'], (4, 1), "each row"),
    ("parameter", ["x = 1\nunit = 'bo'"], (4, 2), "'unit' is given another value"),
    ("parameter", ["weeks += 1"], (4, 1), "'weeks' is given another value"),
    ("sql-in-notebook", ['x = "SEL" + "ECT a FR" + "OM operations"'], (4, 1), "SQL"),
    ("sql-in-notebook", ['x = "select a from " + unit'], (4, 1), "SQL"),
    ("sql-in-notebook", ['x = "insert into calendars (day) values (1)"'], (4, 1), "SQL"),
    ("sql-in-notebook", ['x = "update weeks set a = 1"'], (4, 1), "SQL"),
    ("path", ['x = "/mn" + "t/data/fil"'], (4, 1), "path"),
    ("path", ['x = unit + "/mnt/data/fil"'], (4, 1), "path"),
    ("sql-in-notebook", ['x = "SELECT sex, COUNT(*)\\nFROM operations"'], (4, 1), "SQL"),
    ("sql-in-notebook", ['x = "select a from operations"'], (4, 1), "SQL"),
    ("sql-in-notebook", ['x = f"DELETE FROM {unit}"'], (4, 1), "SQL"),
    ("path", ['x = "/mnt/data/fil"'], (4, 1), "path"),
    ("path", ['x = r"C:\\Users\\anna"'], (4, 1), "path"),
    ("path", ['x = "~/fil"'], (4, 1), "path"),
    ("path", ['x = r"\\\\server\\delad"'], (4, 1), "path"),
    ("network", ['x = "https://example.invalid/a"'], (4, 1), "another host"),
    ("not-shown", ["p.comment()\nx = 1"], (4, 1), "not the last line"),
    ("not-shown", ["x = p.comment()"], (4, 1), "not the last line"),
    ("not-shown", ["p.comment();"], (4, 1), "semicolon"),
    ("foreign-output", ['rows = p.read("operations")\nrows.head()'], (4, 2), "not the page's"),
    ("foreign-output", ['print("x")'], (4, 1), "print(…)"),
    ("foreign-output", ['p.answer("flow.steps")'], (4, 1), "not the page's"),
    ("caption", ['p.table(p.answer("flow.steps"), selection="A")'], (4, 1), "no caption"),
    ("caption", ['p.table(p.answer("flow.steps"), caption="", selection="A")'], (4, 1), "caption"),
    ("caption", ['p.lines(p.series("operations"))'], (4, 1), "no caption"),
    (
        "alt-text",
        ['import altair as alt\np.chart(alt.Chart(), data=p.answer("flow.steps"), caption="X", '
         'selection="A")'],
        (4, 2), "no words",
    ),
    ("selection", ['p.table(p.answer("flow.steps"), caption="X")'], (4, 1), "whom it is about"),
    (
        "selection",
        ['p.selection("Alla")', "p.section()", 'p.bars(p.answer("flow.times"), label="step", '
         'value="km_median_days", caption="X")'],
        (6, 1), "whom it is about",
    ),
    (
        "selection",
        ['e = p.each("operations", ["bo-opc", "hu-cop"])', 'p.lines(e, caption="X")'],
        (5, 1), "whom it is about",
    ),
    (
        "definition-link",
        ['p.table(p.answer("flow.steps"), caption="X", selection="A")'], (4, 1), "no definition",
    ),
    ("section", ['p.section("visiting")'], (4, 1), "under no heading"),
    ("section", ["#:## A", 'p.section("visitin")'], (5, 1), "did you mean 'visiting'"),
    (
        "section", ["#:## A", 'p.section("visiting")', "#:## B", "p.comment()"],
        (7, 1), "'B' still belongs to the section 'visiting'",
    ),
    ("measure", ['p.trend(p.series("operatoins"))'], (4, 1), "did you mean 'operations'"),
    ("measure", ['p.key_figures(p.measures(["operations", "oprations"]))'], (4, 1), "'oprations'"),
    ("answer", ['x = p.answer("flow.stepz")'], (4, 1), "did you mean 'steps'"),
    ("answer", ['x = p.answer("flo.steps")'], (4, 1), "no family 'flo'"),
    ("answer", ['x = p.sentence("flow.steps")'], (4, 1), "no such sentence"),
    ("argument", ['p.trend(p.series("operations"), captoin="X")'], (4, 1), "did you mean caption="),
    ("argument", ["p.tabel()"], (4, 1), "did you mean 'table'"),
    ("argument", ['x = p.answer("flow.steps", of_befor=True)'], (4, 1), "of_before="),
    ("argument", ['x = p.series("operations", list="first_contact")'], (4, 1), "change nothing"),
    ("argument", ['x = p.key_figure(p.answer("flow.steps"), "a")'], (4, 1), "label=… is missing"),
    ("argument", ["p.close()"], (4, 1), "no such call"),
    ("glossary", ['p.selection("A", ["operationz"])'], (4, 1), "no entry 'operationz'"),
    ("unit", ['x = p.series("operations", unit="bo-op")'], (4, 1), "did you mean 'bo-opc'"),
    ("unit", ['x = p.each("operations", ["bo-opc", "bolnas"])'], (4, 1), "no unit 'bolnas'"),
    ("unit", ['x = p.series("operations", procedure="kneee")'], (4, 1), "did you mean 'knee'"),
    ("unit", ['x = p.series("operations", unit="ortopedi")'], (4, 1), "is of kind vo"),
    ("unit", ['x = p.series("operations", vo="bo-opc")'], (4, 1), "and vo is asked for"),
    (
        "unit", ['x = p.each("waiting", ["bo-opc"], list="first_contact")'], (4, 1),
        "clinic is asked for",
    ),
    ("shortcode", ["#:Text {{< include a.md >}}"], (4, None), "{{< include >}}"),
    ("picture", ["#:![Bild](borta.svg){fig-alt='x'}"], (4, None), "no picture borta.svg"),
    ("picture", ["#:![Bild](borta.svg)"], (4, None), "no words for those who do not see it"),
    ("personal-number", ["#:Text\n\n19121212-1212 är en."], (4, 3), "personal identity number"),
    ("secret", ['x = "postgresql://anna:hemligt@server/db"'], (4, None), "way into a server"),
    ("allow", ["# lpe: allow loop\nfor x in [1]:\n    y = x"], (4, 1), "say why"),
    ("allow", ["# lpe: allow lop because it is so\nx = 1"], (4, 1), "no rule 'lop'"),
    ("allow", ["# lpe: allow outputs because it is so\nx = 1"], (4, 1), "holds for every cell"),
]  # fmt: skip


def _at_cell(number: int, **changes: Any) -> Callable[[dict[str, Any]], None]:
    def change(document: dict[str, Any]) -> None:
        document["cells"][number - 1].update(changes)

    return change


# What is wrong with parameters and with the file: a change of a notebook that is in order.
CHANGED: list[tuple[str, Callable[[dict[str, Any]], None], tuple[int | None, int | None], str]] = [
    ("outputs", _at_cell(3, outputs=[{"output_type": "stream"}]), (3, None), "patients' values"),
    ("execution-count", _at_cell(3, execution_count=7), (3, None), "last execution"),
    ("stored-state", lambda d: d["metadata"].update(widgets={}), (None, None), "widgets"),
    ("stored-state", _at_cell(3, metadata={"papermill": {}}), (3, None), "papermill"),
    ("kernel", lambda d: d["metadata"]["kernelspec"].update(name="own"), (None, None), "'own'"),
    ("kernel", lambda d: d["metadata"]["kernelspec"].update(language="R"), (None, None), "Python"),
    ("cell-id", _at_cell(3, id="c1"), (3, None), "that of cell 1"),
    ("cell-id-missing", lambda d: d["cells"][2].pop("id"), (None, None), "no ids"),
    ("parameters-cell", _at_cell(2, metadata={}), (None, None), "no code cell has the tag"),
    ("parameters-cell", _at_cell(3, metadata={"tags": ["parameters"]}), (3, None), "a second cell"),
    ("parameter", _at_cell(2, source=PARAMETERS + "\nx = 1 + weeks"), (2, 4), "name = literal"),
    ("parameter", _at_cell(2, source=PARAMETERS + "\nx: int"), (2, 4), "without a default"),
    ("parameter", _at_cell(2, source=PARAMETERS + "\nweeks = 2"), (2, 4), "stands twice"),
    ("parameter", _at_cell(2, source=PARAMETERS + "\nx = ("), (2, 4), "no Python"),
    ("parameter-missing", _at_cell(2, source='unit = "a"\nweeks = 1'), (2, None), "'period'"),
    (
        "parameter-missing",
        _at_cell(2, source='unit = 1\nperiod = "2026-W19"\nweeks = 1'), (2, 1), "must be a text",
    ),
    (
        "parameter-type",
        _at_cell(2, source=PARAMETERS.replace("26", "None")), (2, 3), "'weeks' is None",
    ),
    ("parameter-given", _at_cell(1, metadata={}), (None, 10), "has no parameter 'table_weeks'"),
    ("page-open", _at_cell(3, source="x = 1"), (None, None), "is not called"),
    ("page-open", _at_cell(3, source=f"{OPEN}\n{OPEN}"), (3, 6), "a second time"),
    ("page-open", _at_cell(3, source=OPEN.replace("weekly", "flow")), (3, 3), "open 'weekly'"),
    ("page-open", _at_cell(3, source=OPEN.replace(", weeks=weeks", "")), (3, 3), "weeks=weeks"),
    ("page-open", _at_cell(3, source=OPEN.replace("unit=unit", 'unit="a"')), (3, 3), "unit=unit"),
    ("title", _at_cell(1, cell_type="markdown"), (None, None), "no title"),
    ("title", _at_cell(1, source="---\nauthor: A\n---"), (1, None), "says no title"),
    ("title", _at_cell(1, source="---\ntitle: [\n---"), (1, None), "no YAML"),
]  # fmt: skip


@pytest.fixture(scope="module")
def facts(root: Path) -> Facts:
    """This project's params."""
    check = ParamsCheck(Project(root))
    check.read_facts()
    assert check.findings == []
    return check.facts


def held(document: dict[str, Any], facts: Facts) -> list[Finding]:
    """What the rules find in a notebook that the report `weekly` runs."""
    path = facts.project.root / NAME
    return list(find_in(Notebook(NAME, path, document), facts))


def of_rule(findings: list[Finding], rule: str) -> list[Finding]:
    return [one for one in findings if one.rule == f"lpe.{rule}"]


@pytest.mark.parametrize("name", PASSES)
def test_rules_let_pass_what_a_notebook_is_for(name: str, facts: Facts) -> None:
    """Prose, one-line calls and a little pandas: nothing is found but what every case lacks."""
    found = [one for one in held(notebook(*PASSES[name]), facts) if one.cell not in (None, 3)]

    assert [str(one) for one in found] == []


@pytest.mark.parametrize(("rule", "cells", "place", "words"), WRONG)
def test_rule_names_cell_and_line(
    rule: str, cells: list[str], place: tuple[int, int | None], words: str, facts: Facts
) -> None:
    """Once, in the cell as its author counts it, with what to do."""
    (found,) = of_rule(held(notebook(*cells), facts), rule)

    assert (found.cell, found.line) == place
    assert words in found.said


@pytest.mark.parametrize(("rule", "change", "place", "words"), CHANGED)
def test_rule_names_what_is_wrong_with_the_file(
    rule: str,
    change: Callable[[dict[str, Any]], None],
    place: tuple[int | None, int | None],
    words: str,
    facts: Facts,
) -> None:
    """Of parameters, metadata, title and ids."""
    document = notebook()
    change(document)

    found = [one for one in of_rule(held(document, facts), rule) if words in one.said]

    assert [(one.cell, one.line) for one in found] == [place]


def test_every_rule_over_notebooks_has_a_case() -> None:
    """A new rule comes with what it finds."""
    from lpe_reports.cli.checks import finding

    tried = {f"lpe.{rule}" for rule, *_ in (*WRONG, *CHANGED)}

    assert all_rules.__all__
    assert sorted(finding._OF_NOTEBOOKS.keys() - tried) == []


def test_ids_of_rules_are_words_of_an_address() -> None:
    """They stand in comments, in JSON and in docs/checks.md."""
    for rule in RULES.values():
        assert rule.id.removeprefix("lpe.").replace("-", "").isalpha()
        assert rule.looks_for.endswith(".")
        assert rule.instead.endswith(".")
        assert rule.part in Part


def test_none_is_typed_by_an_annotation(facts: Facts) -> None:
    """A parameter that may be left out says what it may be."""
    annotated = PARAMETERS.replace("weeks = 26", "weeks: int | None = None")

    assert of_rule(held(notebook(parameters=annotated), facts), "parameter-type") == []


def test_a_wrong_opening_is_told_once(facts: Facts) -> None:
    """All that follows is still held against the page that it means to open."""
    broken = notebook(TABLE, opening=OPEN + "(")

    found = held(broken, facts)

    assert [one.rule for one in found if one.cell] == ["lpe.syntax"]


def test_a_wrong_cell_hides_no_section_of_others(facts: Facts) -> None:
    """What it may have begun, shown or selected is not missed elsewhere."""
    cells = ["#:## A", 'p.section("visiting")', "#:## B", "p.section(", "p.comment()", TABLE]

    found = held(notebook(*cells), facts)

    assert [one.rule for one in found if one.cell] == ["lpe.syntax"]


def test_settings_that_name_no_unit_are_told_where_they_stand(root: Path, facts: Facts) -> None:
    """`p.settings["waiting"]` is given as units: a wrong one stands in the params file."""
    weekly = facts.files["weekly"]
    sections = copy.deepcopy(weekly.sections)
    sections["kirurgi"]["waiting"] = ["ga-cop", "hu-cob"]
    changed = Facts(
        facts.project, facts.units, facts.procedures, facts.glossary, facts.reports,
        {**facts.files, "weekly": weekly.model_copy(update={"sections": sections})}, True,
    )  # fmt: skip
    document = json.loads((root / NAME).read_text(encoding="utf-8"))

    found = {str(one) for one in held(document, changed)}

    lines = (root / "params/reports/weekly.yml").read_text(encoding="utf-8").splitlines()
    line = lines.index("    waiting: [ga-cop, hu-cop, bo-opc, ga-dagkir]") + 1
    assert found == {f"params/reports/weekly.yml:{line}: no unit 'hu-cob'; did you mean 'hu-cop'?"}


def test_cells_of_another_alias_are_held_too(facts: Facts) -> None:
    """Whatever a notebook calls the module and the page."""
    opening = 'from lpe_reports import page as sida\n\nq = sida.open("weekly", unit=unit, '
    opening += "period=period, weeks=weeks)"

    found = held(notebook("q.tabel()", opening=opening), facts)

    assert [one.rule for one in found if one.cell] == ["lpe.argument"]


def test_numbers_count_all_cells(facts: Facts) -> None:
    """As JupyterLab's author counts them: prose and raw cells, too."""
    document = notebook("#:Prosa", "#:Mer", "import os")
    document["cells"].insert(0, cell("markdown", "Först", 99))

    (found,) = of_rule(held(document, facts), "import")

    assert found.cell == 7
