"""The rules as a page of the docs, docs/checks.md; `make docs` writes it."""

from lpe_reports.cli.checks.finding import PREFIX, RULES, Level, Part
from lpe_reports.cli.checks.project import rules as rules  # so that all rules are known

HEAD = """# What `lpe check` finds

<!-- Made from the code by `make docs`; do not edit. -->

`lpe check` lists all that is wrong with params, notebooks, `_quarto.yml` and the newest extract,
each with its file, its cell and line, and what to do. Nothing is run.

    lpe check                                   # the whole project
    lpe check reports/followup/weekly.ipynb     # these files; with one of params all notebooks, too
    lpe check --fix                             # clear outputs and execution counts first
    lpe check --json                            # for programs
    lpe check --rules                           # this list of rules

**Errors** end it with exit code 9; **notes** do not. An error is what would fail a run or a page,
give a reader less than the site promises, let data or code out of the package's hands, or fill the
history with noise. A note is what its author may have meant: read it.

It is no sandbox: it names what somebody writes without thinking, and whoever means to get past it
can. What stops intent is review of every change.

`--fix` clears what notebooks were stored with, and leaves every other byte as it is. Of a file that
is not UTF-8 it clears nothing; the findings say so.

## Letting a cell off

A rule that says so below may be allowed in one cell, with a reason, in a comment of the cell:

    # lpe: allow lambda because the measure comes with the next version

In a Markdown cell it is `<!-- lpe: allow … because … -->`. What nothing needs any more is noted.

## Before each commit

In the project's folder, once (on Windows `Scripts` in place of `bin`):

    .venv/jupyter/bin/pre-commit install

It comes with JupyterLab ([jupyterlab.md](jupyterlab.md)). From then on `git commit` checks the
files that are committed, and refuses what has errors; only the whole `lpe check` sees what a file
that was removed leaves behind. `.pre-commit-config.yaml` says what is run: the programs of the
clone's own `.venv`, activated or not, on Windows, macOS and Linux. In a project that `lpe init` has
made it is the `lpe` on `PATH`: commit where its environment is active. A project without such a
file names the hook of this repository:

```yaml
repos:
  - repo: https://example.invalid/lpe-reports   # where this repository lies
    rev: v0.1.0
    hooks:
      - id: lpe-check
```

## `--json`

One object: `errors` and `notes` (how many), `cleared` (cells that `--fix` cleared) and `findings`,
a list of objects with `rule`, `level` (`error` or `note`), `file`, `cell` (from 1 over all cells;
null where it is not about one), `line` (of the cell, or of a file that is no notebook) and `said`.
More keys can come.

## The rules
"""


def table() -> str:
    """The page."""
    parts = []
    for part in Part:
        rows = [
            f"| `{one.id}` | {one.looks_for} | {one.instead} | {one.level} | "
            f"{'yes' if one.allowed else 'no'} |"
            for one in RULES.values()
            if one.part is part
        ]
        head = (
            "| rule | what it finds | what to do | level | may be allowed |\n|---|---|---|---|---|"
        )
        parts.append(f"\n### {part}\n\n{head}\n" + "\n".join(rows) + "\n")
    notes = sum(one.level is Level.NOTE for one in RULES.values())
    ending = (
        f"\n{len(RULES)} rules, {notes} of them notes. In a comment that allows one, "
        f"`{PREFIX}` may be left out.\n"
    )
    return HEAD + "".join(parts) + ending


def listing() -> str:
    """The rules for a terminal, part by part."""
    lines = []
    for part in Part:
        lines.append(f"{part}:")
        for one in RULES.values():
            if one.part is part:
                marks = [one.level.value, *(["may be allowed"] if one.allowed else [])]
                lines += [f"  {one.id} ({', '.join(marks)})"]
                lines += [f"      {one.looks_for}", f"      → {one.instead}"]
    return "\n".join(lines)
