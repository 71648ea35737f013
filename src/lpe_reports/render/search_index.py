"""Pagefind's index, made of the records of what can be found on the site."""

import json
import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from html import escape
from pathlib import Path

from pagefind_bin import get_executable

from lpe_reports.errors import RenderError
from lpe_reports.render.compounds import last_parts, words_of
from lpe_reports.render.search_order import in_order
from lpe_reports.system import scratch_folder

FOLDER = "search"
# What the index was made of, so that it can be made anew without a page that is taken back.
RECORDS = f"{FOLDER}/records.json"
# What the site's own search box asks for; Pagefind's ready-made boxes and workers stay away.
_SCRIPT = "pagefind.js"
_WANTED = (_SCRIPT, "pagefind-entry.json", "wasm.sv.pagefind")
_WANTED_KINDS = (".pf_filter", ".pf_fragment", ".pf_index", ".pf_meta")
_MADE_UP_HOST = re.compile(rb"/\^https:\\/\\/example\\?\.com/")
# Ten thousand pages take a few seconds; a hang must end as an error.
_SECONDS = 300
# Between captions, in one text that the search box takes apart.
_BETWEEN = " | "
# Weights of what a page is found by. Pagefind squares them; 10 is its highest.
_TITLE, _NAMES = 10, 8


@dataclass(frozen=True)
class Record:
    """One thing that can be found.

    Fields:
        place: Where a hit leads, from the version's root: a page, or a place on it.
        title: Its heading.
        kind: What it is, and for when, as it stands under its heading in the list of hits.
        text: Its first sentences.
        names: What else people call it.
        parts: Captions of its tables and charts, labels of its key figures.
        rank: Its place among those that fit a question equally well, the smallest first.
        within: What a search may be narrowed to and still find it: names and values.
    """

    place: str
    title: str
    kind: str
    text: str = ""
    names: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    rank: tuple[int, ...] = ()
    within: tuple[tuple[str, str], ...] = ()

    @property
    def said(self) -> tuple[str, ...]:
        """All that a reader may have read of it."""
        return self.title, self.text, *self.names, *self.parts


def records_bytes(records: Sequence[Record]) -> bytes:
    """Records as a version keeps them, in order."""
    return f"{json.dumps([asdict(each) for each in records], ensure_ascii=False)}\n".encode()


def read_records(data: bytes) -> list[Record]:
    """The records that a version keeps.

    Raises:
        ValueError, KeyError, TypeError: They are of another form.
    """
    return [
        Record(
            **{
                **each,
                "names": tuple(each["names"]),
                "parts": tuple(each["parts"]),
                "rank": tuple(each["rank"]),
                "within": tuple((str(name), str(value)) for name, value in each["within"]),
            }
        )
        for each in json.loads(data)
    ]


def index_files(records: Sequence[Record]) -> dict[str, bytes]:
    """Pagefind's index of some records; those that come first win among equals."""
    compounds = last_parts(text for record in records for text in record.said)
    with scratch_folder("search") as scratch:
        site, out = Path(scratch, "site"), Path(scratch, "out")
        for number, record in enumerate(records):
            path = site / f"{record.place.replace('#', '--').removesuffix('.html')}.html"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(_document(record, number, compounds), encoding="utf-8")
        _run(site, out)
        files = {
            f"{FOLDER}/{path.relative_to(out).as_posix()}": _own(path.read_bytes(), path.name)
            for path in sorted(out.rglob("*"))
            if path.name in _WANTED or path.suffix in _WANTED_KINDS
        }
    return in_order(files)


def _own(content: bytes, name: str) -> bytes:
    """A file as the site lays it, in which no host is named that a browser could ask.

    Pagefind's script takes addresses apart by a made-up host; the reader's own serves as well.
    """
    if name != _SCRIPT:
        return content
    content = content.replace(b"https://example.com$", b"${location.origin}$")
    return _MADE_UP_HOST.sub(b"location.origin", content)


def _run(site: Path, out: Path) -> None:
    command = [str(get_executable()), "--site", str(site), "--output-path", str(out)]
    command += ["--force-language", "sv", "--keep-index-url", "--silent"]
    try:
        done = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        raise RenderError(f"Pagefind did not make the search index within {_SECONDS} s") from None
    if done.returncode or not (out / _SCRIPT).is_file():
        raise RenderError(f"Pagefind ended with status {done.returncode} and made no search index")


def _document(record: Record, number: int, compounds: Mapping[str, str]) -> str:
    """A record as the small page that Pagefind reads."""
    words = {word for text in record.said for word in words_of(text)}
    within = " ".join(sorted({compounds[word] for word in words if word in compounds}))
    names = ". ".join(record.names)
    parts = _BETWEEN.join(" ".join(part.split()) for part in record.parts)
    meta = {"adress": record.place, "slag": record.kind, "text": record.text, "delar": parts}
    told = "".join(
        f'<p data-pagefind-ignore="index" data-pagefind-meta="{name}">{escape(text)}</p>'
        for name, text in meta.items()
        if text
    )
    told += "".join(
        f'<p data-pagefind-ignore="index" data-pagefind-filter="{name}">{escape(value)}</p>'
        for name, value in record.within
    )
    return (
        '<!DOCTYPE html><html lang="sv"><head><title>.</title></head>'
        f'<body data-pagefind-body data-pagefind-sort="ordning:{number}">'
        f'<h1 data-pagefind-weight="{_TITLE}">{escape(record.title)}</h1>'
        f'<p data-pagefind-weight="{_NAMES}">{escape(record.kind)}. {escape(names)}</p>'
        f"<p>{escape(record.text)}</p><p>{escape(parts)}</p><p>{escape(within)}</p>"
        f"{told}</body></html>"
    )
