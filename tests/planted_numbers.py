"""Personal numbers as people write them, planted in every kind of file that the gate reads."""

import atexit
import base64
import gzip
import io
import json
import random
import shutil
import tempfile
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import matplotlib
import pandas as pd
import typst
import xlsxwriter
from fontTools.ttLib import TTFont

from lpe_reports.warehouse.personal_numbers import is_personal_number

# A number as its twelve digits, written in one way. `{}` parts it where markup can: a kind of file
# puts there what it has.
Form = Callable[[str], str]


def _dashed(dash: str) -> Form:
    return lambda n: f"{n[2:8]}{dash}{n[8:]}"


FORMS: dict[str, Form] = {
    "ten, hyphen": _dashed("-"),
    "ten, plus": _dashed("+"),
    "ten, space": _dashed(" "),
    "ten, no-break space": _dashed("\u00a0"),
    "ten, thin space": _dashed("\u2009"),
    "ten, en dash": _dashed("\u2013"),
    "ten, no-break hyphen": _dashed("\u2011"),
    "ten, minus": _dashed("\u2212"),
    "ten, en dash between spaces": _dashed(" \u2013 "),
    "twelve": lambda n: n,
    "twelve, hyphen": lambda n: f"{n[:8]}-{n[8:]}",
    "twelve, space": lambda n: f"{n[:8]} {n[8:]}",
    "full-width": lambda n: "".join(chr(ord(d) + 0xFEE0) for d in n[2:8]) + "\uff0d" + n[8:],
    "zero-width inside": lambda n: f"{n[2:5]}\u200b{n[5:8]}-\u200d{n[8:]}",
    "samordningsnummer": lambda n: coordination(f"{n[2:8]}-{n[8:]}"),
    "date in pairs, hyphen": lambda n: f"{n[2:4]} {n[4:6]} {n[6:8]}-{n[8:]}",
    "date with hyphens": lambda n: f"{n[:4]}-{n[4:6]}-{n[6:8]}-{n[8:]}",
    "date with dots, hyphen": lambda n: f"{n[:4]}.{n[4:6]}.{n[6:8]}-{n[8:]}",
    "date with slashes, hyphen": lambda n: f"{n[:4]}/{n[4:6]}/{n[6:8]}-{n[8:]}",
    "last four in pairs": lambda n: f"{n[2:8]}-{n[8:10]} {n[10:]}",
    "word touches it": lambda n: f"pat{n[2:8]}-{n[8:]}",
    "ten, dot, with its word": lambda n: f"Patient {n[2:8]}.{n[8:]}",
    "ten, slash, with its word": lambda n: f"Patient {n[2:8]}/{n[8:]}",
    "ten, underscore, with its word": lambda n: f"Patient {n[2:8]}_{n[8:]}",
    "pairs, with its word": lambda n: f"Patient {n[2:4]} {n[4:6]} {n[6:8]} {n[8:]}",
    "digit by digit, with its word": lambda n: f"Patient {' '.join(n[2:8])} - {' '.join(n[8:])}",
    "parted by markup": lambda n: f"{n[2:4]}{{}}{n[4:8]}{{}}-{{}}{n[8:]}",
    "bare ten, with its word": lambda n: f"Personnummer {n[2:]}",
    "bare ten, in a sentence": lambda n: f"Se även {n[2:]} i listan",
}

CHANCE_YEARS = (date(1925, 1, 1), date(2012, 12, 31))


def number(chance: random.Random) -> str:
    """A number of twelve digits that nobody needs to have."""
    first, last = CHANCE_YEARS
    while True:
        day = first + timedelta(days=chance.randrange((last - first).days))
        text = f"{day:%Y%m%d}{chance.randrange(10, 1000):03d}{chance.randrange(10)}"
        if is_personal_number(text):
            return text


def coordination(written: str) -> str:
    """The same with a day that is 60 higher, and the last digit that follows of it."""
    head = f"{written[:4]}{int(written[4:6]) + 60}{written[6:-1]}"
    return next(head + str(d) for d in range(10) if is_personal_number(head + str(d)))


def _html(text: str) -> bytes:
    parted = text.replace("{}", '<b class="x"></b><!-- x --><span title="y"></span>')
    return (
        '<!DOCTYPE html><html lang="sv"><head><meta charset="utf-8"><title>Sida</title></head>'
        f"<body>\n<table><tr><th>Enhet</th><th>Not</th></tr>\n<tr><td>Gä</td><td>{parted}</td>"
        "</tr></table></body></html>"
    ).encode()


def _attribute(text: str) -> bytes:
    return f'<!DOCTYPE html><p title="{text.replace("{}", "&#8203;")}">x</p>'.encode()


def _entities(text: str) -> bytes:
    return (
        f"<!DOCTYPE html><p>{''.join(f'&#{ord(c)};' for c in text.replace('{}', ''))}</p>".encode()
    )


def _class(text: str) -> bytes:
    return f'<!DOCTYPE html><p class="rad-{text.replace("{}", "&#8203;")}">x</p>'.encode()


def _packed_attribute(text: str) -> bytes:
    packed = base64.b64encode(text.replace("{}", "").encode()).decode()
    return f'<!DOCTYPE html><p data-rad="{packed}">x</p>'.encode()


def _address(text: str) -> bytes:
    coded = "".join(f"%{byte:02X}" for byte in text.replace("{}", "").encode())
    return f'<!DOCTYPE html><a href="?rad={coded}">x</a>'.encode()


def _data_script(text: str) -> bytes:
    written = "".join(f"\\u{ord(letter):04x}" for letter in text.replace("{}", ""))
    return f'<!DOCTYPE html><script type="application/json">["{written}"]</script>'.encode()


def _style(text: str) -> bytes:
    written = "".join(f"\\{ord(letter):06x}" for letter in text.replace("{}", ""))
    return f'p::after{{content:"{written}"}}'.encode()


def _unread_svg(text: str) -> bytes:
    body = f"<text><![CDATA[{text.replace('{}', '')}]]></text>"
    return f'<svg xmlns="http://www.w3.org/2000/svg">{body}</svg>'.encode()


def _svg(text: str) -> bytes:
    parted = text.replace("{}", '</tspan><tspan dx="1">')
    return (
        '<svg xmlns="http://www.w3.org/2000/svg"><g><text x="1">Gä</text>'
        f'<text x="5" y="7"><tspan>{parted}</tspan></text></g></svg>'
    ).encode()


def _data_address(text: str) -> bytes:
    return b'<img alt="x" src="data:image/svg+xml;base64,' + base64.b64encode(_svg(text)) + b'">'


def _json(text: str) -> bytes:
    rows = [["Gä", "sal 3"], ["Hu", text.replace("{}", "\u200b")]]
    return json.dumps({"columns": ["Enhet", "Not"], "rows": rows}).encode()


def _csv(text: str) -> bytes:
    return f"\ufeffEnhet;Not\r\nGä;sal 3\r\nHu;{text.replace('{}', '')}\r\n".encode()


def _script(text: str) -> bytes:
    return f'globalThis.x = {{"not": {json.dumps(text.replace("{}", ""))}}};\n'.encode()


def _workbook(text: str) -> bytes:
    body = io.BytesIO()
    with xlsxwriter.Workbook(body, {"in_memory": True}) as book:
        sheet, bold = book.add_worksheet("Vecka"), book.add_format({"bold": True})
        sheet.write_row(0, 0, ["Enhet", "Not"])
        sheet.write_string(1, 0, "Gä")
        if "{}" in text:
            runs = [bold if n % 2 else None for n in range(text.count("{}") + 1)]
            pieces = [p for run, t in zip(runs, text.split("{}"), strict=True) for p in (run, t)]
            sheet.write_rich_string(2, 1, *[piece for piece in pieces if piece])
        else:
            sheet.write_string(2, 1, text)
        sheet.write_string(1, 1, "sal 3")
    return body.getvalue()


def _note(text: str) -> bytes:
    body = io.BytesIO()
    with xlsxwriter.Workbook(body, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Vecka")
        sheet.write_comment(1, 1, text.replace("{}", ""))
        sheet.set_header("&Lx")
    return body.getvalue()


@cache
def _wide_font() -> Path:
    """A font that has full-width digits, which few machines have: others' under their numbers."""
    folder = Path(tempfile.mkdtemp(prefix="wide-font-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    font = TTFont(Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf")
    for table in font["cmap"].tables:
        if table.isUnicode():
            wide = {0xFEE0 + ord(sign): table.cmap[ord(sign)] for sign in "0123456789-"}
            table.cmap.update(wide)
    for name in font["name"].names:
        name.string = name.toUnicode().replace("DejaVu", "Wide")
    font.save(folder / "wide.ttf")
    return folder


def _typst(source: str) -> bytes:
    return typst.compile(source.encode(), font_paths=[_wide_font()])


def _pdf(text: str) -> bytes:
    pieces = [f"#text({json.dumps(piece, ensure_ascii=False)})" for piece in text.split("{}")]
    source = f"#table(columns: 2, [Enhet], [Not], [Gä], [{''.join(pieces)}])\n"
    return _typst(source)


def _pdf_chart(text: str) -> bytes:
    picture = _svg(text.replace("{}", "")).decode().replace('x="5" y="7"', 'x="5" y="30"')
    picture = picture.replace("<svg ", '<svg width="300" height="60" ')
    return _typst(f"#image(bytes({json.dumps(picture, ensure_ascii=False)}))")


def _pdf_lines(text: str) -> bytes:
    """In a column so narrow that it is broken at its hyphen or space."""
    piece = json.dumps(text.replace("{}", ""), ensure_ascii=False)
    return _typst(f"#box(width: 2.2cm, text({piece}))")


def _zip(text: str) -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inre/vecka.xlsx", _workbook(text))
    return body.getvalue()


def _gzip(text: str) -> bytes:
    return gzip.compress(_csv(text))


def _parquet(text: str) -> bytes:
    body = io.BytesIO()
    pd.DataFrame({"enhet": ["Gä", "Hu"], "not": ["x", text.replace("{}", "")]}).to_parquet(body)
    return body.getvalue()


# How a file is named → what it holds.
KINDS: dict[str, tuple[str, Callable[[str], bytes]]] = {
    "html cell": ("a.html", _html),
    "html attribute": ("a.html", _attribute),
    "html entities": ("a.html", _entities),
    "html class": ("a.html", _class),
    "html data-, base64": ("a.html", _packed_attribute),
    "html address, percent": ("a.html", _address),
    "html JSON, escaped": ("a.html", _data_script),
    "css, escaped": ("a.css", _style),
    "svg CDATA": ("a.svg", _unread_svg),
    "data: address": ("a.html", _data_address),
    "svg": ("a.svg", _svg),
    "json": ("a.json", _json),
    "csv": ("a.csv", _csv),
    "js": ("a.js", _script),
    "xlsx": ("a.xlsx", _workbook),
    "xlsx note": ("a.xlsx", _note),
    "pdf": ("a.pdf", _pdf),
    "pdf chart": ("a.pdf", _pdf_chart),
    "pdf lines": ("a.pdf", _pdf_lines),
    "xlsx in zip": ("a.zip", _zip),
    "csv.gz": ("a.csv.gz", _gzip),
    "parquet": ("a.parquet", _parquet),
}
