"""Ask whether a weakness is known of anything in the lock files.

    python .ci/supply/audit.py [--osv-url URL] [LOCK…]

Every version of every lock file is asked for, also what only other machines install. pip-audit
asks, of the package index's own list; where that cannot be reached, a copy of the OSV database
answers as well (--osv-url). What nobody could answer is never taken for good.

Exit code: 0 nothing is known that is not accepted; 1 something is; 2 .ci/supply/accepted.toml is
wrong; 3 no answer, nothing is known either way.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from locks import PROJECT, Pin, lock_files, read_lock

ACCEPTED = Path(__file__).with_name("accepted.toml")
LONGEST_ACCEPTED = timedelta(days=183)
MINUTES = 15

FOUND, WRONG, UNANSWERED = 1, 2, 3


@dataclass(frozen=True)
class Finding:
    """One known weakness of one package."""

    package: str
    version: str
    ids: tuple[str, ...]
    fixed_in: tuple[str, ...]
    about: str

    def __str__(self) -> str:
        fixed = f"mended in {', '.join(self.fixed_in)}" if self.fixed_in else "no mended version"
        return f"{self.package} {self.version}: {', '.join(self.ids)} ({fixed}): {self.about}"


@dataclass(frozen=True)
class Accepted:
    """A weakness that is known and lived with, until a day."""

    id: str
    package: str
    reason: str
    until: date


class UnansweredError(Exception):
    """The question could not be asked, or was not answered."""


def read_accepted(path: Path, today: date) -> list[Accepted]:
    """The weaknesses that are lived with.

    Raises:
        ValueError: An entry lacks something, has no real reason, or is for too long.
    """
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    if document.keys() - {"accepted"}:
        raise ValueError("expected [[accepted]] and nothing else")
    found = []
    for number, entry in enumerate(document.get("accepted", []), start=1):
        if entry.keys() != {"id", "package", "reason", "until"}:
            raise ValueError(f"entry {number}: expected id, package, reason and until")
        if type(entry["until"]) is not date or len(str(entry["reason"]).split()) < 4:
            raise ValueError(f"entry {number}: until is a day; the reason says why we are safe")
        if entry["until"] > today + LONGEST_ACCEPTED:
            days = LONGEST_ACCEPTED.days
            raise ValueError(f"entry {number}: for at most {days} days; then it is judged again")
        found.append(Accepted(**entry))
    return found


def ask(pins: Iterable[Pin], osv_url: str | None) -> list[Finding]:
    """What is known of packages.

    Raises:
        UnansweredError: It could not be asked for each of them.
    """
    return [finding for group in _without_repetition(pins) for finding in _ask(group, osv_url)]


def _ask(pins: Sequence[Pin], osv_url: str | None) -> list[Finding]:
    command = [sys.executable, "-m", "pip_audit", "--format", "json", "--no-deps"]
    command += ["--disable-pip", "--progress-spinner", "off"]
    command += ["--vulnerability-service", "osv", "--osv-url", osv_url] if osv_url else []
    with tempfile.TemporaryDirectory() as folder:
        wanted = Path(folder, "wanted.txt")
        lines = [f"{pin.name}=={pin.version}\n" for pin in pins]
        wanted.write_text("".join(lines), encoding="utf-8", newline="\n")
        command += ["--cache-dir", folder, "--requirement", str(wanted)]
        try:
            done = subprocess.run(
                command, capture_output=True, encoding="utf-8", timeout=MINUTES * 60, check=False
            )
        except subprocess.TimeoutExpired:
            raise UnansweredError(f"no answer within {MINUTES} minutes") from None
    try:
        dependencies = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError, TypeError):
        said = done.stderr.strip().splitlines() or ["pip-audit said nothing"]
        raise UnansweredError(said[-1][:300]) from None
    # What is not found it passes over, and ends as if all were well.
    skipped = [entry["skip_reason"] for entry in dependencies if "skip_reason" in entry]
    if skipped:
        raise UnansweredError(f"{len(skipped)} of {len(pins)} were not found: {skipped[0][:200]}")
    answered = {(entry["name"], entry["version"]) for entry in dependencies}
    if lacking := sorted({(pin.name, pin.version) for pin in pins} - answered):
        raise UnansweredError(f"no word of {len(lacking)} packages, the first: {lacking[0][0]}")
    return [
        Finding(
            entry["name"],
            entry["version"],
            (each["id"], *each["aliases"]),
            tuple(each["fix_versions"]),
            " ".join(each["description"].split())[:200],
        )
        for entry in dependencies
        for each in entry["vulns"]
    ]


def _without_repetition(pins: Iterable[Pin]) -> list[list[Pin]]:
    """Lists in which no package stands twice, as pip-audit takes them."""
    versions: dict[str, dict[str, Pin]] = defaultdict(dict)
    for pin in pins:
        versions[pin.name][pin.version] = pin
    most = max((len(each) for each in versions.values()), default=0)
    columns = [list(each.values()) for each in versions.values()]
    return [[each[n] for each in columns if n < len(each)] for n in range(most)]


def judge(
    findings: Sequence[Finding], accepted: Sequence[Accepted], today: date
) -> tuple[list[str], list[str]]:
    """What must be mended, and what is only told."""
    wrong, told, used = [], [], set()
    for finding in findings:
        covers = [a for a in accepted if a.id in finding.ids and a.package == finding.package]
        used.update(covers)
        if not covers:
            wrong.append(str(finding))
        elif covers[0].until < today:
            wrong.append(f"{finding}\n  was accepted until {covers[0].until}: {covers[0].reason}")
        else:
            told.append(f"{finding}\n  accepted until {covers[0].until}: {covers[0].reason}")
    for each in accepted:
        if each not in used:
            told.append(f"{each.id} of {each.package} is not found any more; take it out")
    return wrong, told


def main(arguments: Sequence[str] | None = None) -> int:
    """Ask, and say what came of it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--osv-url", help="ask this copy of the OSV database, not the index")
    parser.add_argument("--accepted", type=Path, default=ACCEPTED, help=argparse.SUPPRESS)
    parser.add_argument("locks", nargs="*", type=Path, help="lock files; all when none is named")
    options = parser.parse_args(arguments)
    today = datetime.now(tz=UTC).date()
    try:
        accepted = read_accepted(options.accepted, today)
        locks = {path: read_lock(path) for path in options.locks or lock_files()}
    except (OSError, ValueError) as error:
        print(f"{options.accepted.name} or a lock file is wrong: {error}", file=sys.stderr)
        return WRONG
    try:
        findings = ask([pin for pins in locks.values() for pin in pins], options.osv_url)
    except UnansweredError as error:
        print(
            f"nothing was audited: {error}\nThis asks the package index over the network. Where "
            "that cannot be reached: --osv-url with a copy of the OSV database, or let CI ask.",
            file=sys.stderr,
        )
        return UNANSWERED
    return _tell(locks, *judge(findings, accepted, today))


def _tell(locks: Mapping[Path, Sequence[Pin]], wrong: list[str], told: list[str]) -> int:
    for line in told:
        print(f"note: {line}")
    for line in wrong:
        print(line)
    number = len({(pin.name, pin.version) for pins in locks.values() for pin in pins})
    names = ", ".join(
        path.relative_to(PROJECT).as_posix() if path.is_relative_to(PROJECT) else path.name
        for path in locks
    )
    known = "1 weakness is known" if len(wrong) == 1 else f"{len(wrong)} weaknesses are known"
    end = known if wrong else "nothing is known"
    print(f"{number} versions in {names}: {end}{' that is not accepted' if told else ''}")
    return FOUND if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
