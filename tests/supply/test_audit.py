"""Known weaknesses: all that is locked is asked for, and no silence is taken for good."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from supply_chain import Osv, Run, pins_of

pytestmark = [
    pytest.mark.audit,
    pytest.mark.promise(
        "supply", "Every locked version is asked for, and no silence is taken for good"
    ),
]

LOCK = "idna==3.20 \\\n    --hash=sha256:" + "0" * 64 + "\n"
TODAY = datetime.now(tz=UTC).date()


@pytest.fixture
def ask(audited: Run, osv: Osv, tmp_path: Path) -> Callable[..., tuple[int, str]]:
    """Ask for a lock file of one package."""
    lock = tmp_path / "one.lock"
    lock.write_text(LOCK, encoding="utf-8")

    def asked(accepted: str = "") -> tuple[int, str]:
        said = tmp_path / "accepted.toml"
        said.write_text(accepted, encoding="utf-8")
        done = audited("audit.py", "--osv-url", osv.url, "--accepted", said, lock)
        assert "Traceback" not in done.stderr
        return done.returncode, done.stdout + done.stderr

    return asked


def _accepted(until: object, **changes: str) -> str:
    entry = {"id": "CVE-2026-1", "package": "idna", "reason": "Only its server, and we start none."}
    lines = [f'{key} = "{value}"' for key, value in (entry | changes).items()]
    return "\n".join(["[[accepted]]", *lines, f"until = {until}", ""])


def test_every_version_of_every_lock_is_asked_for(audited: Run, osv: Osv, root: Path) -> None:
    """Also those of other machines and Pythons, and of what lies apart from all else."""
    done = audited("audit.py", "--osv-url", osv.url)

    locks = [*root.glob("requirements*.lock"), *(root / ".ci").glob("*.lock")]
    assert done.returncode == 0, done.stderr
    assert "nothing is known" in done.stdout
    assert osv.asked == {pin for lock in locks for pin in pins_of(lock)}
    assert len(osv.asked) > 200


def test_known_weakness_is_told_and_fails(ask: Callable[..., tuple[int, str]], osv: Osv) -> None:
    """With its names, and the version that mends it."""
    osv.knows("idna", "PYSEC-2026-1", "CVE-2026-1", fixed="3.21")
    code, said = ask()

    assert code == 1
    assert "idna 3.20: PYSEC-2026-1, CVE-2026-1 (mended in 3.21): It lets strangers in." in said


def test_weakness_is_accepted_until_a_day(ask: Callable[..., tuple[int, str]], osv: Osv) -> None:
    """By any of its names; after that day it fails again, and its reason is told."""
    osv.knows("idna", "PYSEC-2026-1", "CVE-2026-1", fixed="3.21")
    code, said = ask(_accepted(TODAY))

    assert code == 0
    assert f"accepted until {TODAY}: Only its server" in said

    code, said = ask(_accepted(TODAY - timedelta(days=1)))

    assert code == 1
    assert "was accepted until" in said

    code, said = ask(_accepted(TODAY, package="other"))

    assert code == 1
    assert "CVE-2026-1 of other is not found any more; take it out" in said


@pytest.mark.parametrize(
    "accepted",
    [
        _accepted(TODAY + timedelta(days=200)),
        _accepted(TODAY, reason="known"),
        _accepted('"soon"'),
        _accepted(TODAY, why="no such key"),
        "[[accept]]\n",
        "not TOML",
    ],
)
def test_acceptance_without_reason_or_end_is_refused(
    ask: Callable[..., tuple[int, str]], osv: Osv, accepted: str
) -> None:
    """Before anything is asked."""
    code, said = ask(accepted)

    assert code == 2
    assert "accepted.toml" in said
    assert osv.asked == set()


def test_no_answer_is_not_taken_for_good(
    ask: Callable[..., tuple[int, str]], audited: Run, osv: Osv, tmp_path: Path
) -> None:
    """A server that fails, and none at all: nothing was audited, and what to do."""
    osv.status = 500
    code, said = ask()

    assert code == 3
    assert said.startswith("nothing was audited")

    lock = tmp_path / "one.lock"
    done = audited("audit.py", "--osv-url", "http://127.0.0.1:9/", lock)

    assert done.returncode == 3
    assert "--osv-url with a copy of the OSV database" in done.stderr


def test_line_that_is_not_locked_is_refused(audited: Run, tmp_path: Path) -> None:
    """A package without digest or version is none that could be audited."""
    lock = tmp_path / "one.lock"
    for text in ("idna==3.20\n", "idna>=3 \\\n    --hash=sha256:" + "0" * 64, "--extra x\n"):
        lock.write_text(text, encoding="utf-8")
        done = audited("audit.py", "--osv-url", "http://127.0.0.1:9/", lock)

        assert done.returncode == 2
        assert "one.lock: entry 1" in done.stderr
