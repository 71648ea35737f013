"""Front matter says what it is given, through Pandoc's own reading of it."""

import json
import subprocess

import pypandoc
import pytest

from lpe_reports.render.front_matter import front_matter

NASTY = [
    "2026-W12--2026-W21",
    "4. maj",
    "Ort *x* _y_ [z](w) <b> & $a$ `c`",
    "...och \"citat\" och 'apostrof'",
    "a: b # c",
    "no",
    "@mall ^upp^ ~ner~ \\ bakstreck",
    "1 044 dagar",
    "mailto:a@example.invalid?subject=x%20y&body=%0A",
    "-",
    "{=html}",
]


def read_back(document: str) -> dict[str, object]:
    """The metadata as Pandoc understands it."""
    done = subprocess.run(
        [pypandoc.get_pandoc_path(), "-f", "markdown", "-t", "json"],
        input=document.encode(),
        capture_output=True,
        check=True,
    )
    return dict(json.loads(done.stdout)["meta"])


def text_of(value: object) -> str:
    """The plain text of a metadata value in Pandoc's JSON."""
    assert isinstance(value, dict)
    parts = []
    for inline in value["c"]:
        kind = inline["t"]
        assert kind in ("Str", "Space"), kind
        parts.append(inline["c"] if kind == "Str" else " ")
    return "".join(parts)


@pytest.mark.parametrize("text", NASTY)
def test_a_text_comes_out_of_pandoc_as_it_went_in(text: str) -> None:
    """No address, name or sentence is taken for Markdown or YAML."""
    meta = read_back(front_matter({"x": text}) + "\nHej\n")

    assert text_of(meta["x"]) == text


def test_flags_lists_and_mappings_keep_their_shape() -> None:
    """A template's conditions and loops see what Python meant; empty values are not there."""
    data = {
        "on": True,
        "off": False,
        "none": None,
        "empty": [],
        "items": [{"a": "1", "b": ["x", "y"]}, {"a": "2"}],
    }

    meta = read_back(front_matter({"lpe": data}) + "\nHej\n")["lpe"]

    assert isinstance(meta, dict)
    inside = meta["c"]
    assert inside["on"] == {"t": "MetaBool", "c": True}
    assert {"off", "none", "empty"} & inside.keys() == set()
    first, second = (item["c"] for item in inside["items"]["c"])
    assert text_of(first["a"]) == "1"
    assert [text_of(each) for each in first["b"]["c"]] == ["x", "y"]
    assert text_of(second["a"]) == "2"
