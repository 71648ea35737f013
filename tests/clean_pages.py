"""Clean pages with random numbers of ten digits where reports have numbers."""

import json
import random
import re


def ten_digits(chance: random.Random) -> str:
    """Any ten digits."""
    return f"{chance.randrange(10**10):010d}"


def clean_page(chance: random.Random) -> dict[str, str]:
    """A page's files by their suffixes; from one to forty numbers of ten digits stand in them."""
    rows = chance.randrange(1, 41)
    wide = chance.randrange(3)  # how many columns have such numbers
    table = [
        [
            f"Enhet {chance.randrange(100)}",
            *(
                ten_digits(chance) if column < wide else str(chance.randrange(100_000))
                for column in range(3)
            ),
            f"{chance.random() * 100:.1f}".replace(".", ","),
        ]
        for _ in range(rows)
    ]
    heads = ["Enhet", "Operationer", "Minuter", "Väntande", "Andel"]
    return {
        ".html": _html(chance, heads, table),
        ".json": json.dumps(
            {
                "value": int(ten_digits(chance)),
                "columns": [{"id": head.lower(), "label": head} for head in heads],
                "rows": [[row[0], *map(int, row[1:4]), chance.random()] for row in table],
            }
        ),
        ".csv": "\n".join(";".join(row) for row in [heads, *table]) + "\n",
    }


def _html(chance: random.Random, heads: list[str], table: list[list[str]]) -> str:
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>\n" for row in table)
    head = "".join(f'<th scope="col">{head}</th>' for head in heads)
    axis = "".join(f'<text x="{n * 40}" y="9">{n * 100}</text>' for n in range(5))
    return (
        '<!DOCTYPE html><html lang="sv"><head><meta charset="utf-8"><title>Vecka 19</title></head>'
        f"<body><h1>Patienter och väntetid</h1><p>Totalt {ten_digits(chance)} minuter, "
        f"varav {ten_digits(chance)} kr i kostnad.</p>"
        f'<dl><div><dt>Väntande patienter</dt><dd class="n">{ten_digits(chance)}</dd></div></dl>'
        f'<svg role="img" aria-label="Linje"><path d="M0,{chance.random() * 500},L1"/>'
        f'{axis}<text x="3" y="4">{ten_digits(chance)}</text></svg>'
        f'<table data-rows="{ten_digits(chance)}"><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table>"
        f"<p>Digest {chance.randbytes(16).hex()}, version {ten_digits(chance)}, telefon "
        f"{ten_digits(chance)}, diarienummer {ten_digits(chance)}.</p></body></html>"
    )


_CELL = re.compile(r"(<td[^>]*>)[\d\s\u00a0\u202f]+(</td>)")
_VALUE = re.compile(r"(?<=[\[,:] )\d+(?=[,\]\n])|(?<=,)\d+(?=[,\]])")
_FIELD = re.compile(r"(?<=;)\d+(?=[;\r\n])")


def with_ten_digits(chance: random.Random, suffix: str, text: str, share: float) -> str:
    """A real file with a share of its whole numbers made ones of ten digits."""

    def replaced(match: re.Match[str]) -> str:
        if chance.random() > share:
            return match[0]
        new = ten_digits(chance)
        if suffix == ".json":
            new = str(int(new))
        return f"{match[1]}{new}{match[2]}" if suffix == ".html" else new

    pattern = {".html": _CELL, ".json": _VALUE, ".csv": _FIELD}[suffix]
    return pattern.sub(replaced, text)
