"""The list beside a wheel (CycloneDX): what the lock says, and nothing else."""

import hashlib
import importlib.metadata
import json
import zipfile
from pathlib import Path

import pytest

from supply_chain import Run, pins_of

pytestmark = [
    pytest.mark.audit,
    pytest.mark.promise("supply", "The list beside a wheel is what the lock says"),
]

EPOCH = {"SOURCE_DATE_EPOCH": "1780000000"}


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    """A wheel with the project's own metadata."""
    metadata = importlib.metadata.distribution("lpe-reports").read_text("METADATA")
    path = tmp_path / "lpe_reports-0.1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("lpe_reports-0.1.0.dist-info/METADATA", metadata or "")
    return path


def test_list_holds_what_is_locked(audited: Run, wheel: Path, root: Path) -> None:
    """Each package with version, licence and the digest of each file that may be installed."""
    site_packages = Path(importlib.metadata.distribution("pandas").locate_file(""))
    done = audited("sbom.py", "--site-packages", site_packages, wheel, **EPOCH)
    assert done.returncode == 0, done.stderr
    told = json.loads(wheel.with_suffix(".cdx.json").read_text(encoding="utf-8"))

    found = {
        (each["name"], each["version"]): {
            digest["content"] for digest in each["externalReferences"][0]["hashes"]
        }
        for each in told["components"]
    }
    assert found == pins_of(root / "requirements.lock")
    assert all(each["licenses"] for each in told["components"])
    assert all(each["purl"].startswith("pkg:pypi/") for each in told["components"])
    # Told of the wheel and of nothing else, so that the same wheel has the same list.
    assert told["metadata"]["timestamp"] == "2026-05-28T20:26:40+00:00"
    main = told["metadata"]["component"]
    assert (main["name"], main["licenses"]) == ("lpe-reports", [{"license": {"id": "MIT"}}])
    assert main["hashes"][0]["content"] == hashlib.sha256(wheel.read_bytes()).hexdigest()

    needs = {each["ref"]: each.get("dependsOn", []) for each in told["dependencies"]}
    assert any(ref.startswith("pkg:pypi/pandas@") for ref in needs[main["bom-ref"]])
    assert not any("distributed" in ref for ref in needs[main["bom-ref"]])  # an extra of its own
    pandas = next(ref for ref in needs if ref.startswith("pkg:pypi/pandas@"))
    assert any(ref.startswith("pkg:pypi/numpy@") for ref in needs[pandas])
