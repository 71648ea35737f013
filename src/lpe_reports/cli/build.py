"""`lpe build` and `lpe nightly`."""

import typer

from lpe_reports.cli.ending import orderly_end
from lpe_reports.cli.events import say
from lpe_reports.cli.options import (
    AsOf,
    Executor,
    Fresh,
    Jobs,
    Json,
    NightOf,
    Periods,
    Pointer,
    Renderer,
    Reports,
    Source,
    Units,
)
from lpe_reports.cli.progress import make_progress
from lpe_reports.settings import find_project


def add_to(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command("build")(_build)
    app.command("nightly")(_nightly)


def _build(
    report: Reports = None,
    unit: Units = None,
    period: Periods = None,
    source: NightOf = None,
    jobs: Jobs = None,
    renderer: Renderer = "auto",
    executor: Executor = "local",
    fresh: Fresh = False,
    as_json: Json = False,
) -> None:
    """Plan, execute, render and assemble a candidate; `lpe publish` publishes it."""
    from lpe_reports.build.lock import locked
    from lpe_reports.build.nightly import BuildOptions, run_build
    from lpe_reports.build.planning.selection import Selection
    from lpe_reports.build.running.runners import open_runners
    from lpe_reports.cli import summary
    from lpe_reports.cli.starting.quarto_files import keep_equal
    from lpe_reports.cli.steps import build_steps, today
    from lpe_reports.params.loading import load_params

    project = find_project()
    keep_equal(project)
    progress = make_progress(events=as_json)
    selection = Selection(report or (), unit or (), period or ())
    with orderly_end(), open_runners(executor, jobs) as runners, locked(project, "build"):
        params = load_params(project)
        steps = build_steps(
            project, params, selection, progress, source=source, renderer=renderer, fresh=fresh
        )
        options = BuildOptions(jobs, today(), progress, runners=runners)
        build = run_build(project, steps, options)
    summary.tell_late_failures(progress, build)
    say(summary.build_json(build) if as_json else summary.build_text(project, build))
    raise typer.Exit(build.exit_code)


def _nightly(
    source: Source = None,
    as_of: AsOf = None,
    jobs: Jobs = None,
    renderer: Renderer = "auto",
    executor: Executor = "local",
    pointer: Pointer = None,
    as_json: Json = False,
) -> None:
    """All of it: extract, build, gate, publish, prune."""
    from lpe_reports.build.nightly import BuildOptions, run_nightly
    from lpe_reports.build.running.runners import open_runners
    from lpe_reports.cli import summary
    from lpe_reports.cli.letters.after_night import tell_of_night, telling_of_errors
    from lpe_reports.cli.starting.quarto_files import keep_equal
    from lpe_reports.cli.steps import night_steps, today
    from lpe_reports.params.loading import load_params

    project = find_project()
    keep_equal(project)
    progress = make_progress(events=as_json)
    params = load_params(project)
    day = today()
    steps = night_steps(
        project, params, source, as_of, progress, renderer=renderer, pointer=pointer, on=day
    )
    with telling_of_errors(params), orderly_end(), open_runners(executor, jobs) as runners:
        options = BuildOptions(jobs, day, progress, runners=runners)
        night = run_nightly(project, steps, options)
    summary.tell_late_failures(progress, night.build)
    for line in tell_of_night(night, params, summary.night_text(project, night)):
        progress.note(line)
    say(summary.night_json(night) if as_json else summary.night_text(project, night))
    raise typer.Exit(night.exit_code)
