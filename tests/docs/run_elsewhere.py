"""Commands of the docs that no story runs: which test or job does, or why none can."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Elsewhere:
    """One command with the options that it stands with in a document.

    Fields:
        command: What is to be done, as `Command.key` names it, and its options.
        by: `file::test` that runs it, or the file that it is run by.
        because: Why nothing can run it here.
    """

    command: str
    by: str = ""
    because: str = ""

    @property
    def key(self) -> tuple[str, frozenset[str]]:
        """As of a command in a document."""
        doing = [word for word in self.command.split() if word == "-m" or word[0] != "-"]
        options = {word for word in self.command.split() if word[0] == "-"} - {"-m"}
        return " ".join(doing), frozenset(options)


# Left out where a story comes to it: it fetches from elsewhere, or it serves until Ctrl-C.
NOT_GIVEN = (
    "python -m venv",
    "python -m pip",
    "lpe preview",
    "git pull",
    "make install",
    "rsync",
)

_CI = ".github/workflows/ci.yml"
_DEPLOY = "tests/faults/test_deploy.py::test_a_copied_site_is_the_site"
_HELD = "tests/faults/test_extract_held.py"
_CLUSTER = "tests/faults/test_build_cluster.py"
_LAB = "tests/notebooks/test_jupyterlab.py"
_STORIES = "tests/docs/test_stories.py"
_A_PART = "takes minutes; its parts are tested in tests/bench"

RUN_ELSEWHERE = (
    Elsewhere("make site", by=".ci/run"),
    Elsewhere("make test", by=".ci/run"),
    Elsewhere("make check", by=".ci/run"),
    Elsewhere("make torture", by=".ci/run"),
    Elsewhere("python -m tests.week --seed", by="tests/reliability/torture.py"),
    Elsewhere("make mutation", by="tests/reliability/torture.py"),
    Elsewhere("python -m tests.week", by="tests/reliability/torture.py"),
    Elsewhere("make install", by=".ci/run"),
    Elsewhere("python -m venv", by="Makefile"),
    Elsewhere(
        "python -m pip --require-hashes -r --no-deps --no-build-isolation --editable", by="Makefile"
    ),
    Elsewhere("git pull", because="fetches from elsewhere"),
    Elsewhere("make test-quarto", by=_CI),
    Elsewhere("make audit", by=_CI),
    Elsewhere("make lock-check", by=_CI),
    Elsewhere("make wheel", by=_CI),
    Elsewhere(
        "make licences", because="fetches from elsewhere; tests/supply sees its page current"
    ),
    Elsewhere("make sbom", by="tests/supply/test_sbom.py::test_list_holds_what_is_locked"),
    Elsewhere("make quarto", because="fetches a program from elsewhere; `make test-quarto` does"),
    Elsewhere("make lab", because="serves until Ctrl-C; the next two are what it does"),
    Elsewhere("python -m ipykernel --prefix --name", by="tests/notebooks/lab_server.py"),
    Elsewhere("jupyter lab --config", by=f"{_LAB}::test_a_notebook_runs_and_shows_its_page"),
    Elsewhere("nbdiff-web", because="serves until Ctrl-C"),
    Elsewhere(
        "git-nbdiffdriver config --enable", by=f"{_LAB}::test_a_changed_reference_is_read_by_nbdime"
    ),
    Elsewhere("git diff", by=f"{_LAB}::test_a_changed_reference_is_read_by_nbdime"),
    Elsewhere(
        "python -m tests.references",
        by="tests/references/test_references.py::test_renewing_what_holds_changes_nothing",
    ),
    Elsewhere(
        "make references",
        by="tests/references/test_references.py::test_renewing_what_holds_changes_nothing",
    ),
    Elsewhere("make licences", by="Makefile"),
    Elsewhere("make lock", by="Makefile"),
    Elsewhere("make docs", by="Makefile"),
    Elsewhere("pre-commit install", because="fetches a program from elsewhere"),
    Elsewhere("git commit", because="is what `pre-commit install` changes"),
    Elsewhere("make leave-demo", by="tests/docs/test_make.py::test_the_demo_is_set_aside"),
    Elsewhere("make deploy", by=_DEPLOY),
    Elsewhere("rsync -aH", by=_DEPLOY),
    Elsewhere("rsync -aH --exclude", by=f"{_STORIES}::test_a_moved_project_runs_nothing_anew"),
    Elsewhere(
        "lpe demo --until",
        by="tests/unit/warehouse/demo/test_demo_command.py"
        "::test_demo_command_hands_on_what_it_is_told",
    ),
    Elsewhere("make bench", because=_A_PART),
    Elsewhere("python -m tests.bench", because=_A_PART),
    Elsewhere("python -m tests.bench.cluster", because=_A_PART),
    Elsewhere("make drivers", because="brings a driver for a server that no test has"),
    Elsewhere("make cluster", because="the tests' lock file brings the same libraries"),
    Elsewhere("createdb", because="tests/postgres_server.py makes databases by its driver"),
    Elsewhere(
        "make site-postgres",
        by="tests/unit/warehouse/demo/test_demo_postgres.py",
    ),
    Elsewhere(
        "lpe preview --unit --period",
        by="tests/site/test_preview.py::test_the_page_is_the_site_s_own_and_says_what_it_is",
    ),
    Elsewhere(
        "lpe preview --candidate",
        by="tests/unit/cli/test_preview.py::test_pages_are_served_to_this_machine_alone",
    ),
    Elsewhere(
        "lpe docs",
        by="tests/unit/test_docs_manual.py::test_docs_are_built_where_there_is_no_project",
    ),
    Elsewhere("lpe extract --accept", by=f"{_HELD}::test_an_accepted_night_is_taken_as_it_is"),
    Elsewhere(
        "lpe extract --replace-snapshot",
        by=f"{_HELD}::test_a_list_taken_anew_by_name_waits_with_its_night",
    ),
    Elsewhere(
        "lpe nightly --executor",
        by=f"{_CLUSTER}::test_a_cluster_that_loses_a_worker_gives_what_one_machine_gives",
    ),
    Elsewhere(
        "dask scheduler --host --no-dashboard --port --protocol",
        because="opens a port to others; tests/local_cluster.py starts one without",
    ),
    Elsewhere(
        "dask worker --local-directory --memory-limit --no-dashboard --nthreads --nworkers",
        because="tests/local_cluster.py starts workers of the scheduler above",
    ),
    Elsewhere(
        "quarto render --execute -P",
        by="tests/notebooks/test_quarto_alone.py::test_an_author_gets_the_pdf_too",
    ),
    Elsewhere("robocopy", because="is a part of Windows"),
)
