"""`lpe plan`: which runs there are, and why each would run."""

import json
from typing import Annotated

import typer

from lpe_reports.cli.options import Json, NightOf, Periods, Reports, Units
from lpe_reports.settings import find_project


def add_to(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("plan")(_plan)


def _plan(
    report: Reports = None,
    unit: Units = None,
    period: Periods = None,
    source: NightOf = None,
    every: Annotated[bool, typer.Option("--all", help="List the current runs, too.")] = False,
    as_json: Json = False,
) -> None:
    """Say which runs a build would run now, and why; runs nothing."""
    from lpe_reports.build.planning.reasons import UNCHANGED
    from lpe_reports.build.planning.selection import Selection
    from lpe_reports.build.runs import PlanStatus
    from lpe_reports.cli.steps import Which, plan_now, today
    from lpe_reports.cli.taken_back import retracted_json, retracted_lines
    from lpe_reports.params.loading import load_params

    project = find_project()
    selection = Selection(report or (), unit or (), period or ())
    plan = plan_now(project, load_params(project), selection, Which(today(), source))
    if as_json:
        runs = [
            {
                "report": run.report, "unit": run.unit, "period": run.period.id,
                "status": run.status.value, "reason": run.reason,
                "parameters": dict(run.parameters),
            }
            for run in plan.runs
        ]  # fmt: skip
        body = {"night": plan.night.isoformat(), "runs": runs, "retracted": retracted_json(project)}
        typer.echo(json.dumps(body, ensure_ascii=False))
        return
    for run in plan.runs:
        if every or run.status is not PlanStatus.CURRENT or run.reason != UNCHANGED.text:
            typer.echo(f"{run.status:<8} {run.key!s:<44} {run.reason}")
    counts = ", ".join(f"{plan.count(status)} {status}" for status in PlanStatus)
    for line in retracted_lines(project):
        typer.echo(line)
    typer.echo(f"night {plan.night}: {len(plan.runs)} runs, {counts}")
