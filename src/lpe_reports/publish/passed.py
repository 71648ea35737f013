"""Pages that have passed the gate as they are, so that a night looks at those that are new to it.

A page is known by the SHA-256 of its files' names and bytes. That it has passed counts only for
the package, Python and libraries that looked at it, the project's place and the secrets of its
environment; any of them changed, and every page is looked at again. So is one of whose files a
single byte has changed, and all pages where what is remembered is damaged.
"""

import hashlib
import json
import secrets
import sys
import sysconfig
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from lpe_reports.build.planning.tools import package_digest
from lpe_reports.build.storing.store import write_whole
from lpe_reports.settings import Project

FILE = "passed.json"
_SALT_BYTES = 16
# A guess of the secrets, by what is written here, costs a twentieth of a second and 16 MB.
_SCRYPT_COST = 2**14


class PassedPages:
    """What is remembered of pages that passed, by their keys.

    Args:
        project: The project.
        own_secrets: What its environment holds, as `project_secrets` gives it.
    """

    def __init__(self, project: Project, own_secrets: Sequence[str]) -> None:
        self._path = project.build / FILE
        body = _read(self._path)
        try:
            self._salt = bytes.fromhex(body["salt"])
        except (KeyError, TypeError, ValueError):
            self._salt = secrets.token_bytes(_SALT_BYTES)
        self._stamp = _stamp(project, own_secrets, self._salt)
        same = body.get("stamp") == self._stamp
        self._pages: Mapping[str, str] = body["pages"] if same else {}

    def get(self, key: str | None) -> str | None:
        """What was noted of a page when it passed; None where it has to be looked at."""
        return None if key is None else self._pages.get(key)

    def remember(self, pages: Mapping[str, str]) -> None:
        """Keep these, and no others, for the next time.

        Args:
            pages: What to note of each page that has passed, by its key.
        """
        body = {"salt": self._salt.hex(), "stamp": self._stamp, "pages": dict(pages)}
        line = json.dumps(body, ensure_ascii=False)
        seal = hashlib.sha256(line.encode()).hexdigest()
        write_whole(self._path, f"{seal}\n{line}\n".encode(), mode=0o600)


def page_key(candidate: Path, names: Iterable[str]) -> str | None:
    """What a page is known by; None when a file of it cannot be read."""
    digest = hashlib.sha256()
    for name in names:
        try:
            content = (candidate / name).read_bytes()
        except OSError:
            return None
        digest.update(f"{len(name.encode())} {name}\n{len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def _read(path: Path) -> dict[str, Any]:
    """What was remembered, if it is as it was written; else nothing."""
    try:
        seal, line = path.read_text(encoding="utf-8").splitlines()
        if hashlib.sha256(line.encode()).hexdigest() != seal:
            return {}
        body = json.loads(line)
    except (OSError, ValueError):
        return {}
    return body if isinstance(body, dict) else {}


def _stamp(project: Project, own_secrets: Sequence[str], salt: bytes) -> str:
    told = "\0".join(sorted(own_secrets)).encode()
    parts = [
        package_digest(""),
        sys.version,
        sorted(path.name for path in Path(sysconfig.get_path("purelib")).glob("*.dist-info")),
        str(project.root),
        str(project.root.resolve()),
        hashlib.scrypt(told, salt=salt, n=_SCRYPT_COST, r=8, p=1).hex() if told else "",
    ]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
