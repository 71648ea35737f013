"""What the lock files hold, as the other programs of this folder look at it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
MAIN = PROJECT / "requirements.lock"

_PIN = re.compile(
    r"(?P<name>[a-z0-9][a-z0-9.-]*)(\[[a-z0-9,-]+\])?==(?P<version>[^\s;]+)"
    r"( ; (?P<marker>.+))?"
)
_HASH = re.compile(r"--hash=sha256:(?P<hash>[0-9a-f]{64})")


@dataclass(frozen=True)
class Pin:
    """One package of a lock file.

    Fields:
        name: As the index spells it.
        version: The one version that is installed.
        marker: On which machines and Pythons; empty where on all.
        hashes: SHA-256 of each file that may be installed as it.
    """

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


def lock_files() -> list[Path]:
    """Every lock file of the project."""
    return sorted([*PROJECT.glob("requirements*.lock"), *(PROJECT / ".ci").glob("*.lock")])


def read_lock(path: Path) -> list[Pin]:
    """The packages of a lock file; of one that stands for several machines, each.

    Raises:
        ValueError: A line is not what a lock file with hashes holds.
    """
    return list(_pins(path))


def _pins(path: Path) -> Iterator[Pin]:
    text = path.read_text(encoding="utf-8").replace("\\\n", " ")
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        words, *hashes = line.split("--hash=")
        pin = _PIN.fullmatch(words.strip())
        found = [_HASH.fullmatch(f"--hash={each.strip()}") for each in hashes]
        if pin is None or not found or None in found:
            raise ValueError(f"{path.name}: entry {number} is no package with version and hashes")
        yield Pin(
            name=pin["name"],
            version=pin["version"],
            marker=pin["marker"] or "",
            hashes=tuple(each["hash"] for each in found if each),
        )
