"""The plan decides from what each run really read, and says why in words."""

import hashlib
import json
import string
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from lpe_reports.build.planning import holding, tools
from lpe_reports.build.planning.plan import Plan, make_plan, under_way
from lpe_reports.build.planning.selection import Selection
from lpe_reports.build.planning.traces import (
    NoTrace,
    Question,
    Trace,
    find_trace,
    read_trace,
    trace_path,
    write_trace,
)
from lpe_reports.build.runs import PlanStatus, RunKey
from lpe_reports.build.storing.store import put_notebook
from lpe_reports.errors import NotebookError, UsageError
from tiny_project import NIGHT, TinyEvidence, TinyProject

pytestmark = pytest.mark.promise(
    "builds", "A change runs exactly the runs that it concerns, and `lpe plan` says why"
)


@pytest.fixture
def tiny(tmp_path: Path) -> TinyProject:
    """A project of three units and two weeks whose runs have all been made."""
    made = TinyProject(tmp_path)
    made.write_report(["1"], units="abc", weeks=2)
    _pretend_built(made)
    return made


def _pretend_built(tiny: TinyProject) -> None:
    """Store what a build stores, without starting kernels."""
    evidence = TinyEvidence(tiny.project)
    plan = tiny.plan()
    for run in plan.runs:
        question = {"table": "operations", "units": [run.unit]}
        question["parts_digest"] = evidence.parts_digest(question)
        question["answer_digest"] = evidence.answer_digest(question)
        source = plan.notebooks[run.report]
        trace = Trace(
            notebook=put_notebook(tiny.project, str(run.key).encode()),
            code_digest=source.code_digest,
            prose_digest=source.prose_digest,
            parameters=dict(run.parameters),
            under_way=under_way(run.period, plan.night),
            params={"site": "s"},
            modules={"lpe_reports.periods": tools.module_digest("lpe_reports.periods") or ""},
            tools=tools.tool_versions(),
            questions=(question,),
            seconds=1.0,
        )
        write_trace(tiny.project, run.key, trace)


def _said(tiny: TinyProject) -> dict[str, str]:
    """What the plan says of each run that is not current."""
    plan = tiny.plan()
    return {
        f"{run.unit} {run.period}": f"{run.status}: {run.reason}"
        for run in plan.runs
        if run.status is not PlanStatus.CURRENT
    }


def test_nothing_changed_runs_nothing(tiny: TinyProject) -> None:
    """All runs are current, and no data was read to know it."""
    evidence = TinyEvidence(tiny.project)

    plan = make_plan(tiny.project, tiny.reports, NIGHT, lambda: evidence)

    assert plan.count(PlanStatus.CURRENT) == 6
    assert {run.reason for run in plan.runs} == {"nothing it read has changed"}
    assert evidence.asked == 0


def test_a_changed_slice_concerns_the_unit_that_read_it(tiny: TinyProject) -> None:
    """Other answers for one unit: its runs run, and the table is named."""
    tiny.write_data({"a": 1, "b": 2, "c": 1})

    assert _said(tiny) == {
        "b 2026-W18": "changed: other answers from operations",
        "b 2026-W19": "changed: other answers from operations",
    }


def test_other_parts_with_the_same_answers_are_current(tiny: TinyProject) -> None:
    """Where only the parts differ the question is asked again, and the run still holds."""
    tiny.write_data({"a": 1, "b": 1, "c": 1}, parts=7)

    plan = tiny.plan()

    assert plan.count(PlanStatus.CURRENT) == 6
    assert len(plan.refreshed) == 6
    assert "the answers it read did not" in plan.runs[0].reason


def test_a_new_unit_and_period_are_new(tiny: TinyProject) -> None:
    """Runs that have no trace are new; the others stay current."""
    tiny.write_data(dict.fromkeys("abcd", 1))
    tiny.write_report(["1"], units="abcd", weeks=2)

    assert _said(tiny) == {
        "d 2026-W18": "new: never run before",
        "d 2026-W19": "new: never run before",
    }


def test_changed_code_parameter_params_and_tool_are_each_named(
    tiny: TinyProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever a run depends on, the reason names it."""

    def reasons() -> set[str]:
        return {text.partition(": ")[2] for text in _said(tiny).values()}

    tiny.write_report(["2"], units="abc", weeks=2)
    assert reasons() == {"the notebook's code changed"}

    tiny.write_report(["1"], units="abc", weeks=2, given={"weeks": 12})
    assert reasons() == {"parameter weeks changed"}

    tiny.write_report(["#:Text", "1"], units="abc", weeks=2)
    assert reasons() == set()

    tiny.write_data(dict.fromkeys("abc", 1), site="other")
    assert reasons() == {"params site changed"}

    tiny.write_data(dict.fromkeys("abc", 1))
    versions = {**tools.tool_versions(), "pandas": "99"}
    monkeypatch.setattr("lpe_reports.build.planning.holding.tool_versions", lambda: versions)
    (reason,) = reasons()
    assert reason.startswith("pandas 3.") and reason.endswith(" → 99")


@pytest.mark.parametrize(
    ("before", "now"),
    [(1, True), (1, 1.0), (0, False), ({"a": 1, "b": 2}, {"b": 2, "a": 1}), ([1], [True])],
    ids=str,
)
def test_parameters_that_python_holds_equal_are_others_to_a_notebook(
    tiny: TinyProject, before: object, now: object
) -> None:
    """It can show a number's type and a mapping's order; the same again is current."""
    cell = 'unit = ""\nperiod = ""\ngiven = None'
    tiny.write_report(["1"], parameters=cell, given={"given": before})
    _pretend_built(tiny)
    assert _said(tiny) == {}

    tiny.write_report(["1"], parameters=cell, given={"given": now})

    assert _said(tiny) == {"a 2026-W19": "changed: parameter given changed"}


def test_a_changed_module_concerns_the_runs_that_imported_it(
    tiny: TinyProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The module is named; a run that never imported it would not be concerned."""
    monkeypatch.setattr(holding, "module_digest", lambda name: "other")

    assert set(_said(tiny).values()) == {"changed: module periods changed"}


def test_a_period_under_way_is_made_anew_each_night(tiny: TinyProject) -> None:
    """What is shown of it depends on the day, also where the data did not change; then no more."""

    def said(night: date) -> dict[str, str]:
        plan = make_plan(tiny.project, tiny.reports, night, lambda: TinyEvidence(tiny.project))
        return {run.period.id: run.reason for run in plan.runs if run.unit == "a"}

    assert set(said(NIGHT).values()) == {"nothing it read has changed"}
    thursday = NIGHT - timedelta(days=3)
    assert said(thursday)["2026-W19"] == "its period is or was still under way"
    assert said(thursday)["2026-W18"] == "nothing it read has changed"


def test_fresh_runs_everything_that_is_selected(tiny: TinyProject) -> None:
    """--fresh asks for a run whatever the traces say."""
    plan = tiny.plan(Selection(units=["a"]), fresh=True)

    assert [run.reason for run in plan.runs] == ["asked for with --fresh"] * 2


@pytest.mark.parametrize(
    "damage",
    [
        lambda whole: b"",
        lambda whole: b"{",
        lambda whole: b'{"digest": "x", "format": 2}',
        lambda whole: whole[:-40],
        lambda whole: whole + b"\n{}",
        lambda whole: whole[:70] + bytes([whole[70] ^ 1]) + whole[71:],
        lambda whole: whole.replace(b'"seconds":1.0', b'"seconds":2.0'),
        lambda whole: whole.partition(b"\n")[2],
    ],
)
def test_a_damaged_trace_is_no_trace(tiny: TinyProject, damage: Callable[[bytes], bytes]) -> None:
    """A trace that is cut or edited is not trusted: the run is made again."""
    key = RunKey("tiny", "a", "2026-W18")
    path = trace_path(tiny.project, key)
    whole = path.read_bytes()
    path.write_bytes(damage(whole))

    assert path.read_bytes() != whole
    assert find_trace(tiny.project, key) is NoTrace.DAMAGED
    assert _said(tiny) == {"a 2026-W18": "new: what is stored of it is missing or damaged"}


def test_a_trace_in_whose_place_a_folder_lies_is_damaged(tiny: TinyProject) -> None:
    """Whatever lies there, there is no traceback."""
    path = trace_path(tiny.project, RunKey("tiny", "a", "2026-W18"))
    path.unlink()
    path.mkdir()

    assert _said(tiny) == {"a 2026-W18": "new: what is stored of it is missing or damaged"}


def test_a_trace_of_an_earlier_version_is_told_as_such(tiny: TinyProject) -> None:
    """Whole, but written as it was then: after an upgrade runs are made anew, and it says why."""
    key = RunKey("tiny", "a", "2026-W18")
    body = {"format": 2, "notebook": "x"}
    digest = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
    trace_path(tiny.project, key).write_text(json.dumps({**body, "digest": digest}))

    assert find_trace(tiny.project, key) is NoTrace.OLDER
    assert _said(tiny) == {"a 2026-W18": "new: run by an earlier version of lpe"}


def test_a_stored_trace_is_the_one_that_was_written(tiny: TinyProject) -> None:
    """Every field, its questions too; written again it is the same bytes."""
    key = RunKey("tiny", "a", "2026-W18")
    path = trace_path(tiny.project, key)
    before = path.read_bytes()
    question = {"table": "operations", "units": ["ga"], "answer_digest": "å", "parts_digest": "p"}
    trace = Trace(
        notebook="n", code_digest="c", prose_digest="p", parameters={"weeks": [1, None]},
        under_way="2026-05-11", params={"units/ga/name": "d", "units/is there/x": None},
        modules={"m": "d"}, tools={"t": "1"}, questions=(question, question), seconds=1.25,
        exposure="e", decided=("a|b",), groups=("a|b", "c\nd"), lost=(1, 2), manifest="seal",
    )  # fmt: skip
    write_trace(tiny.project, key, trace)

    again = read_trace(tiny.project, key)

    assert again is not None
    assert replace(again, questions=tuple(again.questions)) == trace
    assert list(again.questions[1:]) == [question]
    assert again.answers_digest == trace.answers_digest
    written = path.read_bytes()
    write_trace(tiny.project, key, again)
    assert path.read_bytes() == written != before


def test_the_same_manifest_asks_nothing_and_another_is_remembered(tiny: TinyProject) -> None:
    """Where the manifest is the one against which all held, no question is even compared."""

    class Sealed(TinyEvidence):
        compared = 0

        def parts_digest(self, question: Question) -> str:
            self.compared += 1
            return super().parts_digest(question)

    def plan(seal: str) -> tuple[Plan, int]:
        evidence = Sealed(tiny.project)
        evidence.manifest = seal
        return make_plan(tiny.project, tiny.reports, NIGHT, lambda: evidence), evidence.compared

    first, compared = plan("one")
    assert (first.count(PlanStatus.CURRENT), compared, len(first.refreshed)) == (6, 6, 6)
    for key, trace in first.traces.items():
        write_trace(tiny.project, key, trace)

    second, compared = plan("one")
    assert (second.count(PlanStatus.CURRENT), compared, len(second.refreshed)) == (6, 0, 0)
    assert {run.reason for run in second.runs} == {"nothing it read has changed"}

    tiny.write_data({"a": 1, "b": 2, "c": 1})
    third, compared = plan("two")
    assert (third.count(PlanStatus.CURRENT), compared, len(third.refreshed)) == (4, 6, 4)


def test_an_unknown_name_is_told_with_what_there_is(tiny: TinyProject) -> None:
    """Report, unit and period are each refused with the names that exist and the nearest."""
    for selection, message in (
        (
            Selection(reports=["tny"]),
            "there is no report 'tny'; did you mean 'tiny'? There are: tiny",
        ),
        (Selection(units=["x"]), "there is no unit of report tiny 'x'; there are: a, b, c"),
        (Selection(periods=["2026-05"]), "'2026-05' is a month, but report tiny is made per week"),
        (Selection(periods=["2026-W54"]), "'2026-W54' is not in the calendar"),
        (Selection(periods=["2026-W20"]), "'2026-W20' has not begun on 2026-05-11"),
    ):
        with pytest.raises(UsageError) as error:
            tiny.plan(selection)
        assert message in str(error.value)


def test_of_many_names_some_are_told(tiny: TinyProject) -> None:
    """A country has thousands of units; a message stays one that can be read."""
    tiny.write_report(["1"], units=string.ascii_letters)

    with pytest.raises(UsageError, match=r"; there are: A, B, .*, n and 12 more$"):
        tiny.plan(Selection(units=["?"]))


def test_a_unit_has_no_pages_of_weeks_when_it_was_not_there(tiny: TinyProject) -> None:
    """Its first and last day count; an older week is made all the same where it is named."""
    closed = {"b": ("valid_to", date(2026, 5, 3)), "c": ("valid_from", date(2026, 5, 4))}
    for name, report in list(tiny.reports.items()):
        subjects = [
            subject.model_copy(update=dict([closed[subject.id]]) if subject.id in closed else {})
            for subject in report.subjects
        ]
        tiny.reports[name] = report.model_copy(update={"subjects": tuple(subjects)})

    assert _pages(tiny.plan()) == ["a 2026-W18", "a 2026-W19", "b 2026-W18", "c 2026-W19"]
    assert _pages(tiny.plan(Selection(units=["b"], periods=["2026-W19"]))) == ["b 2026-W19"]


def _pages(plan: Plan) -> list[str]:
    return [f"{run.unit} {run.period.id}" for run in plan.runs]


def test_an_older_period_can_be_asked_for_by_name(tiny: TinyProject) -> None:
    """The window decides what is made by itself, not what may be made."""
    plan = tiny.plan(Selection(units=["b"], periods=["2026-W02"]))

    assert [str(run.key) for run in plan.runs] == ["tiny · b · 2026-W02"]


def test_an_unknown_parameter_stops_the_plan(tiny: TinyProject) -> None:
    """Refused before anything runs, with the notebook's and the report's file."""
    tiny.write_report(["1"], given={"wekes": 8})

    with pytest.raises(NotebookError, match=r"^reports/tiny.ipynb: has no parameter 'wekes'"):
        tiny.plan()
