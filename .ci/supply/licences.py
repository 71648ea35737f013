"""Which licence each package of requirements.lock has; fails on one that is not accepted.

    python .ci/supply/licences.py            writes docs/licences.md; asks the package index for
                                             what is not installed here
    python .ci/supply/licences.py --check    sees that it is current, without any network

The accepted ones, and what is known beyond a package's own metadata, stand in licences.toml. Exit
code: 0 in order; 1 a licence is not accepted, or docs/licences.md is not current.
"""

import argparse
import email
import importlib.metadata
import re
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from email.message import Message
from pathlib import Path
from typing import Any, NamedTuple, cast

from locks import MAIN, PROJECT, Pin, read_lock

KNOWN = Path(__file__).with_name("licences.toml")
PAGE = PROJECT / "docs" / "licences.md"
SECONDS = 600

# Words of metadata that leave no doubt, as SPDX spells them.
_CLEAR = {
    "Apache 2.0": "Apache-2.0",
    "Apache 2": "Apache-2.0",
    "Apache License 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD 3-Clause License": "BSD-3-Clause",
    "2-clause BSD": "BSD-2-Clause",
    "ISC License (ISCL)": "ISC",
    "ISC License": "ISC",
    "ISC license": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}
_TOKEN = re.compile(r"\s*(\(|\)|[A-Za-z0-9.+-]+)")
_ROW = re.compile(r"\| (?P<name>[a-z0-9.-]+) \| (?P<version>\S+) \| (?P<licence>[^|]+) \| .* \|")


class Row(NamedTuple):
    """One package of the page."""

    name: str
    version: str
    licence: str
    why: str


class LicenceError(Exception):
    """A licence is not known, or not accepted."""


def own_word(metadata: Message) -> str:
    """What a package's metadata says of its licence: an SPDX expression, or words."""
    if expression := metadata.get("License-Expression"):
        return str(expression)
    words = str(metadata.get("License") or "").strip()
    classifiers = [
        line.rpartition(" :: ")[2]
        for line in metadata.get_all("Classifier") or []
        if line.startswith("License :: ")
    ]
    # (Some put the whole text of the licence there, some with its name first.)
    first = words.partition("\n")[0].strip()
    if first in _CLEAR:
        return first
    if words and words != "UNKNOWN" and "\n" not in words and len(words) < 80:
        return words
    return " and ".join(classifiers)


def licence_of(pin: Pin, word: str, known: Mapping[str, Any]) -> Row:
    """The licence of a package, and who says so.

    Raises:
        LicenceError: Its word is none that leaves no doubt, and nothing is known of it.
    """
    entry = known["package"].get(pin.name)
    if entry is not None:
        if entry["said"] != word:
            raise LicenceError(
                f"{pin}: its metadata says '{word}' now and not '{entry['said']}'; judge it anew "
                f"in {KNOWN.name}"
            )
        return Row(pin.name, pin.version, entry["licence"], entry["why"])
    expression = _CLEAR.get(word, word)
    try:
        _identifiers(expression)
    except ValueError:
        raise LicenceError(
            f"{pin}: '{word}' is no licence by its SPDX name; look, and say in {KNOWN.name}"
        ) from None
    return Row(pin.name, pin.version, expression, "Its metadata.")


def is_accepted(expression: str, accepted: Iterable[str]) -> bool:
    """Whether a package may be used under accepted licences alone.

    Raises:
        ValueError: It is no SPDX expression.
    """
    tokens = _tokens(expression)
    value, rest = _any_of(tokens, set(accepted))
    if rest:
        raise ValueError(expression)
    return value


def _tokens(expression: str) -> list[str]:
    found, place = [], 0
    while place < len(expression.rstrip()):
        token = _TOKEN.match(expression, place)
        if token is None:
            raise ValueError(expression)
        found.append(token[1])
        place = token.end()
    return found


def _any_of(tokens: list[str], accepted: set[str]) -> tuple[bool, list[str]]:
    value, tokens = _all_of(tokens, accepted)
    while tokens[:1] == ["OR"]:
        other, tokens = _all_of(tokens[1:], accepted)
        value = value or other
    return value, tokens


def _all_of(tokens: list[str], accepted: set[str]) -> tuple[bool, list[str]]:
    value, tokens = _one(tokens, accepted)
    while tokens[:1] == ["AND"]:
        other, tokens = _one(tokens[1:], accepted)
        value = value and other
    return value, tokens


def _one(tokens: list[str], accepted: set[str]) -> tuple[bool, list[str]]:
    if tokens[:1] == ["("]:
        value, tokens = _any_of(tokens[1:], accepted)
        if tokens[:1] != [")"]:
            raise ValueError(tokens)
        return value, tokens[1:]
    if not tokens or tokens[0] in (")", "AND", "OR", "WITH"):
        raise ValueError(tokens)
    if tokens[1:2] == ["WITH"] and len(tokens) > 2:
        return f"{tokens[0]} WITH {tokens[2]}" in accepted, tokens[3:]
    return tokens[0] in accepted, tokens[1:]


def _identifiers(expression: str) -> None:
    """Raise ValueError where an expression is none, or names no licence of SPDX's list."""
    from packaging.licenses import canonicalize_license_expression

    if canonicalize_license_expression(expression) != expression:
        raise ValueError(expression)


def installed_words(pins: Iterable[Pin]) -> dict[Pin, str]:
    """What the metadata of those packages says that are installed here, in that version."""
    found = {}
    for pin in pins:
        try:
            package = importlib.metadata.distribution(pin.name)
        except importlib.metadata.PackageNotFoundError:
            continue
        if package.version == pin.version:
            found[pin] = own_word(cast(Message, package.metadata))
    return found


def fetched_words(pins: Sequence[Pin]) -> dict[Pin, str]:
    """What the index says of packages of other machines and Pythons.

    Raises:
        LicenceError: It could not be asked.
    """
    found = {}
    for pin in pins:
        with tempfile.TemporaryDirectory() as folder:
            wanted = Path(folder, "wanted.txt")
            hashes = "".join(f" --hash=sha256:{each}" for each in pin.hashes)
            wanted.write_text(f"{pin.name}=={pin.version}{hashes}\n", encoding="utf-8")
            command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download"]
            command += ["--quiet", "--no-deps", "--dest", folder, "--ignore-requires-python"]
            command += ["--require-hashes", "--only-binary", ":all:"]
            command += ["--python-version", "3.12", "--implementation", "cp"]
            for tag in ("2_28_x86_64", "2_27_x86_64", "2_17_x86_64", "2014_x86_64"):
                command += ["--platform", f"manylinux{'' if tag[:4] == '2014' else '_'}{tag}"]
            command += ["--requirement", str(wanted)]
            done = subprocess.run(
                command, capture_output=True, encoding="utf-8", timeout=SECONDS, check=False
            )
            if done.returncode:
                said = done.stderr.strip().splitlines()[-1:] or ["pip said nothing"]
                raise LicenceError(f"{pin}: the index was not to be asked: {said[0][:200]}")
            found[pin] = own_word(_metadata_of(next(Path(folder).glob("*.whl"))))
    return found


def _metadata_of(wheel: Path) -> Message:
    with zipfile.ZipFile(wheel) as archive:
        name = next(each for each in archive.namelist() if each.endswith(".dist-info/METADATA"))
        return email.message_from_bytes(archive.read(name))


def page_of(rows: Sequence[Row], known: Mapping[str, Any]) -> str:
    """The page that lists every licence.

    Raises:
        LicenceError: One is not accepted; names all such.
    """
    with_reason = known["accepted_with_reason"]
    accepted = {*known["accepted"], *with_reason}
    wrong = [
        f"{row.name} {row.version}: {row.licence} is not accepted"
        for row in rows
        if not is_accepted(row.licence, accepted)
    ]
    wrong += [
        f"{each['package']} holds {each['holds']}: {each['licence']} is not accepted"
        for each in known["inside"]
        if not is_accepted(each["licence"], accepted)
    ]
    names = {row.name for row in rows}
    named = [*known["package"], *(each["package"] for each in known["inside"])]
    wrong += [f"{name} is not locked any more; take it out" for name in named if name not in names]
    if wrong:
        raise LicenceError("\n".join(wrong))
    lines = [
        "# Licences",
        "",
        "Made by `make licences` of requirements.lock and `.ci/supply/licences.toml`; a test holds "
        "it current. It lists what a night needs; what tests and JupyterLab need lies apart and is "
        "passed on to nobody. The project's own licence is MIT (LICENSE).",
        "",
        f"Accepted without more ado: {', '.join(sorted(known['accepted']))}.",
        "",
        "| Accepted with a reason | Why it is well here |",
        "|---|---|",
        *(f"| {name} | {why} |" for name, why in sorted(with_reason.items())),
        "",
        "| Package | Version | Licence | Who says so |",
        "|---|---|---|---|",
        *(f"| {row.name} | {row.version} | {row.licence} | {row.why} |" for row in rows),
        "",
        "What wheels hold beside that, where it has another licence or name:",
        "",
        "| Package | Holds | Licence |",
        "|---|---|---|",
        *(f"| {e['package']} | {e['holds']} | {e['licence']} |" for e in known["inside"]),
        "",
    ]
    return "\n".join(lines)


def rows_of(text: str) -> dict[tuple[str, str], Row]:
    """The packages that a page lists, by name and version."""
    rows = [
        Row(found["name"], found["version"], found["licence"], line.split(" | ")[3].rstrip(" |"))
        for line in text.splitlines()
        if (found := _ROW.fullmatch(line))
    ]
    return {(row.name, row.version): row for row in rows}


def check(pins: Sequence[Pin], known: Mapping[str, Any], page: Path) -> None:
    """See that a page is what would be made now, as far as it is known without asking.

    Raises:
        LicenceError: It is not; says in what.
    """
    listed = rows_of(page.read_text(encoding="utf-8")) if page.is_file() else {}
    words = installed_words(pins)
    rows, wrong = [], []
    for pin in pins:
        row = listed.get((pin.name, pin.version))
        if pin in words:
            now = licence_of(pin, words[pin], known)
            if row is not None and row != now:
                wrong.append(f"{pin}: {row.licence} is listed, {now.licence} it is")
            row = now if row is not None else None
        if row is None:
            wrong.append(f"{pin} is not listed")
        else:
            rows.append(row)
    gone = listed.keys() - {(pin.name, pin.version) for pin in pins}
    wrong += [f"{name} {version} is listed and not locked" for name, version in sorted(gone)]
    if not wrong and page_of(rows, known) != page.read_text(encoding="utf-8"):
        wrong.append("its text is another")
    if wrong:
        raise LicenceError(
            "\n".join([f"docs/{page.name} is not current:", *wrong, "make licences"])
        )


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the page, or see that it is current."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing and ask nobody")
    parser.add_argument("--lock", type=Path, default=MAIN, help=argparse.SUPPRESS)
    parser.add_argument("--page", type=Path, default=PAGE, help=argparse.SUPPRESS)
    parser.add_argument("--known", type=Path, default=KNOWN, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    known = tomllib.loads(options.known.read_text(encoding="utf-8"))
    pins = read_lock(options.lock)
    try:
        if options.check:
            check(pins, known, options.page)
        else:
            words = installed_words(pins)
            words |= fetched_words([pin for pin in pins if pin not in words])
            rows, wrong = [], []
            for pin in pins:
                try:
                    rows.append(licence_of(pin, words[pin], known))
                except LicenceError as error:
                    wrong.append(str(error))
            if wrong:
                raise LicenceError("\n".join(wrong))
            options.page.write_text(page_of(rows, known), encoding="utf-8", newline="\n")
    except LicenceError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{len(pins)} packages of {options.lock.name} have licences that are accepted")
    return 0


if __name__ == "__main__":
    sys.exit(main())
