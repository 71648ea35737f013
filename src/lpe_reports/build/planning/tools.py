"""What a run depends on besides its data: the tools' versions and the package's modules."""

import functools
import hashlib
import platform
from importlib import metadata
from pathlib import Path

import lpe_reports

_PACKAGES = (
    "altair", "duckdb", "highspy", "holidays", "ipykernel", "ipython", "numpy", "pandas", "pandera",
    "papermill", "pyarrow", "pydantic", "ruamel.yaml", "scipy", "statsmodels", "tzdata",
)  # fmt: skip


@functools.cache
def tool_versions() -> dict[str, str]:
    """The versions of the tools that an executed notebook depends on, by name; looked up once."""
    return installed_versions()


def installed_versions() -> dict[str, str]:
    """The same as they are installed now, which changes beneath a process that lives for weeks."""
    versions = {"python": platform.python_version()}
    for name in _PACKAGES:
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            versions[name] = "missing"
    return versions


@functools.cache
def module_digest(name: str) -> str | None:
    """SHA-256 of a module's source, found without importing it; None when there is none such.

    Args:
        name: The dotted name of a module of this package.
    """
    package, *rest = name.split(".")
    if package != lpe_reports.__name__:
        return None
    place = Path(lpe_reports.__file__).parent.joinpath(*rest)
    for path in (place / "__init__.py", place.with_suffix(".py")):
        if path.is_file():
            return hashlib.sha256(path.read_bytes()).hexdigest()
    return None


@functools.cache
def package_digest(*parts: str) -> str:
    """One digest of the sources of some parts of this package, `warehouse` for instance."""
    digest = hashlib.sha256()
    for part in parts:
        for path in sorted((Path(lpe_reports.__file__).parent / part).rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()
