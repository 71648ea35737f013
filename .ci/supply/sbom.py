"""Write what a wheel is installed with beside it, as a CycloneDX list (SBOM).

    python .ci/supply/sbom.py [--site-packages FOLDER] WHEEL…

`build/wheel/x.whl` gets `build/wheel/x.cdx.json`: the wheel with its digest, and every package of
requirements.lock with version, licence (from docs/licences.md) and the SHA-256 of each file that
may be installed as it. What needs what is told of the packages that are installed in
--site-packages. The list is valid by CycloneDX's own schema, or nothing is written.
"""

import argparse
import email
import hashlib
import importlib.metadata
import os
import re
import sys
import uuid
import zipfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.message import Message
from pathlib import Path

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import (
    ExternalReference,
    ExternalReferenceType,
    HashAlgorithm,
    HashType,
    Property,
    XsUri,
)
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from licences import PAGE, Row, rows_of
from locks import MAIN, Pin, read_lock
from packageurl import PackageURL
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

SCHEMA = SchemaVersion.V1_6
_EXTRAS = {"build", "postgres"}  # with which requirements.lock is made


def bom_of(
    wheel: Path, pins: Sequence[Pin], licences: Mapping[tuple[str, str], Row], installed: Path
) -> Bom:
    """The list of a wheel.

    Raises:
        KeyError: The licence of a package is not listed.
    """
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    metadata = _metadata_of(wheel)
    name, version = canonicalize_name(metadata["Name"]), metadata["Version"]
    bom = Bom(serial_number=uuid.uuid5(uuid.NAMESPACE_OID, digest))
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    bom.metadata.timestamp = datetime.fromtimestamp(int(epoch), UTC) if epoch else _now()
    root = Component(
        type=ComponentType.APPLICATION,
        name=name,
        version=version,
        description=metadata["Summary"],
        purl=PackageURL("pypi", None, name, version),
        bom_ref=f"pkg:pypi/{name}@{version}",
        licenses=[_licence(metadata["License-Expression"])],
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=digest)],
    )
    bom.metadata.component = root
    components = {pin: _component(pin, licences[pin.name, pin.version]) for pin in pins}
    bom.components.update(components.values())
    by_name: dict[str, list[Component]] = {}
    for pin, component in components.items():
        by_name.setdefault(canonicalize_name(pin.name), []).append(component)
    bom.register_dependency(root, _needed(metadata.get_all("Requires-Dist"), _EXTRAS, by_name))
    found = {
        (canonicalize_name(each.name), each.version): each
        for each in importlib.metadata.distributions(path=[str(installed)])
    }
    for pin, component in components.items():
        package = found.get((canonicalize_name(pin.name), pin.version))
        if package is not None:
            bom.register_dependency(component, _needed(package.requires, set(), by_name))
    return bom


def text_of(bom: Bom) -> str:
    """A list as JSON.

    Raises:
        ValueError: It is not valid by CycloneDX's schema.
    """
    text = make_outputter(bom, OutputFormat.JSON, SCHEMA).output_as_string(indent=1)
    wrong = JsonStrictValidator(SCHEMA).validate_str(text)
    if wrong is not None:
        raise ValueError(f"not valid by the schema: {wrong}")
    return f"{text}\n"


def _component(pin: Pin, licence: Row) -> Component:
    purl = PackageURL("pypi", None, pin.name, pin.version)
    # One digest per file that the index may hand over: which it is depends on the machine.
    files = ExternalReference(
        type=ExternalReferenceType.DISTRIBUTION,
        url=XsUri(str(purl)),
        comment="a SHA-256 for each file of this version that may be installed",
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=each) for each in pin.hashes],
    )
    markers = [Property(name="lpe:marker", value=pin.marker)] if pin.marker else []
    return Component(
        type=ComponentType.LIBRARY,
        name=pin.name,
        version=pin.version,
        purl=purl,
        bom_ref=str(purl),
        licenses=[_licence(licence.licence)],
        external_references=[files],
        properties=markers,
    )


def _licence(expression: str):  # type: ignore[no-untyped-def]  # (of three kinds)
    factory = LicenseFactory()
    alone = re.fullmatch(r"[A-Za-z0-9.+-]+", expression)
    return factory.make_with_id(expression) if alone else factory.make_with_expression(expression)


def _needed(
    lines: Sequence[str] | None, extras: set[str], by_name: Mapping[str, list[Component]]
) -> list[Component]:
    """What requirements lead to, whatever the machine; extras only those that are given."""
    found: list[Component] = []
    for line in lines or ():
        requirement = Requirement(line)
        marker = str(requirement.marker or "")
        asked = set(re.findall(r"""extra == ["']([^"']+)["']""", marker))
        if not asked or asked & extras:
            found += by_name.get(canonicalize_name(requirement.name), [])
    return found


def _metadata_of(wheel: Path) -> Message:
    with zipfile.ZipFile(wheel) as archive:
        name = next(each for each in archive.namelist() if each.endswith(".dist-info/METADATA"))
        return email.message_from_bytes(archive.read(name))


def _now() -> datetime:
    return datetime.now(tz=UTC).replace(microsecond=0)


def main(arguments: Sequence[str] | None = None) -> int:
    """Write a list beside each wheel."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--site-packages", type=Path, help="where the lock is installed")
    parser.add_argument("wheels", nargs="+", type=Path)
    options = parser.parse_args(arguments)
    pins = read_lock(MAIN)
    licences = rows_of(PAGE.read_text(encoding="utf-8"))
    for wheel in options.wheels:
        try:
            bom = bom_of(wheel, pins, licences, options.site_packages or Path(os.devnull))
            text = text_of(bom)
        except (KeyError, ValueError) as error:
            print(f"{wheel.name}: no list was written: {error}", file=sys.stderr)
            return 1
        place = wheel.with_suffix(".cdx.json")
        place.write_text(text, encoding="utf-8", newline="\n")
        know = sum(1 for each in bom.dependencies if each.dependencies)
        print(f"{place.name}: {len(pins)} packages, of {know} is told what they need")
    return 0


if __name__ == "__main__":
    sys.exit(main())
