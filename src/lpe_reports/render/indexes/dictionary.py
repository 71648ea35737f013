"""The data dictionary: what the warehouse hands over, from the contract, in plain Swedish."""

from collections.abc import Iterator, Sequence
from html import escape

from lpe_reports import wording
from lpe_reports.render.document import PageDocument
from lpe_reports.render.edition import Edition
from lpe_reports.render.fragments import anchor, items, paragraph, section, table
from lpe_reports.render.indexes.index_document import index_document
from lpe_reports.render.words.contract import contract_words
from lpe_reports.warehouse.columns import Column, Kind, TableContract
from lpe_reports.warehouse.rules import rules_of
from lpe_reports.warehouse.rules.rule import END_DAY, FIRST_DAY, Rule
from lpe_reports.warehouse.tables import TABLES

ADDRESS = "datakvalitet/tabeller/index"
_LIMITED = "out_of_range"


def dictionary_page(edition: Edition) -> PageDocument:
    """Every table of the contract: what a row is, its columns, and how they are checked."""
    contracts = list(TABLES.values())
    columns = sum(len(contract.columns) for contract in contracts)
    return index_document(
        edition.site,
        ADDRESS,
        "Tabeller och kolumner",
        [
            items(_links(contracts), "chips"),
            _common(edition),
            *(_table(edition, contract) for contract in contracts),
        ],
        lead=(
            "Det här är vad rapporterna byggs av: vad en rad i varje tabell betyder, vad "
            "kolumnerna är och hur de kontrolleras."
        ),
        when=f"{len(contracts)} tabeller, {columns} kolumner",
        crumbs=[("Datakvalitet", "datakvalitet/index.html")],
    )


def column_code(name: str) -> str:
    """A name of the contract, which a narrow page may break at its underscores."""
    return f"<code>{escape(name).replace('_', '_<wbr>')}</code>"


def table_link(name: str, way_to_page: str = "tabeller/index.html") -> str:
    """A table's name as a link to what it is."""
    words = contract_words().table_name(name)
    return anchor(words, f"{way_to_page}#{name}") if name in TABLES else escape(words)


def rule_says(table_name: str, rule: str, columns: Sequence[str]) -> str:
    """What a rule demands of some columns of a table, in a sentence."""
    words = contract_words()
    names = [wording.lower_first(words.column(table_name, name).name) for name in columns]
    limited = names
    if rule == _LIMITED and table_name in TABLES:
        known = {column.name: _limits(column) for column in TABLES[table_name]}
        limited = [f"{name} ({known[c]})" for name, c in zip(names, columns, strict=True)]
    return words.rule(table_name, rule).says.format(
        columns=wording.listing(limited), first=names[0], last=names[-1]
    )


def _limits(column: Column) -> str:
    """Between what a column's values lie: 1–6, minst 0, 1990–2099."""
    if column.kind in (Kind.TIME, Kind.DATE):
        return f"{FIRST_DAY[:4]}–{int(END_DAY[:4]) - 1}"
    if column.lowest is None:
        return ""
    return (
        f"minst {column.lowest}" if column.highest is None else f"{column.lowest}–{column.highest}"
    )


def _links(contracts: list[TableContract]) -> Iterator[str]:
    for contract in contracts:
        yield table_link(contract.name, "")


def _common(edition: Edition) -> str:
    limit = wording.share(edition.site.params.sources.limits.rejected_share, 0)
    facts = (
        "Nycklar görs om innan något sparas, så att ingen kan kännas igen. Källans egna nycklar "
        "sparas inte.",
        "Klockslag visas i svensk tid.",
        "En kolumn som inte är märkt ”kan saknas” ska ha ett värde i varje rad. Saknas det, eller "
        "går ett värde inte att läsa, tas tabellen inte emot.",
        "En kolumn som ser ut att innehålla personnummer tas inte emot.",
        f"Måste mer än {limit} av en tabells rader undantas, tas tabellen inte emot.",
        "Rader som är exakt lika räknas en gång. Har två olika rader samma nyckel tas tabellen "
        "inte emot.",
        "En tabell som är märkt ”kan saknas” finns inte överallt. Det som bygger på den säger då "
        "att den saknas.",
    )
    return section("Gemensamt för alla tabeller", items(facts, "facts"))


def _table(edition: Edition, contract: TableContract) -> str:
    words = contract_words().tables[contract.name]
    heading = (
        f"<h2>{escape(words.name)} <small>{column_code(contract.name)}</small>"
        f"{_mark('kan saknas') if contract.optional and not contract.made else ''}</h2>"
    )
    parts = [
        heading,
        paragraph(escape(words.row), _rows(edition, contract)),
        table(
            f"Kolumner i {wording.lower_first(words.name)}",
            ("Kolumn", "Vad den är"),
            [(column_code(c.name), _column(contract, c)) for c in contract],
        ),
    ]
    rules = _grouped(contract)
    if rules:
        caption = f"Kontroller av {wording.lower_first(words.name)}"
        rows = [_rule(contract, rule, columns) for rule, columns in rules]
        parts.append(table(caption, ("Kontroll", "Vad den kräver"), rows))
    body = "\n".join(parts)
    return f'<section id="{escape(contract.name)}" class="entry">\n{body}\n</section>'


def _rows(edition: Edition, contract: TableContract) -> str:
    """What the night has of the table, and what tells its rows apart."""
    key = contract_words().listing(contract.name, contract.key)
    said = f"Raderna skiljs åt av {escape(key)}."
    if edition.manifest is None:
        return said
    found = edition.manifest.tables.get(contract.name)
    if found is None:
        return f"{said} Tabellen finns inte i nattens uttag."
    rows = wording.plural(found.rows, "rad", "rader")
    return f"{said} Nattens uttag har {wording.number(found.rows)} {rows}."


def _column(contract: TableContract, column: Column) -> str:
    words = contract_words().column(contract.name, column.name)
    mark = _mark("kan saknas") if column.nullable else ""
    name = f"{words.name}." if words.more and not mark else words.name
    said = f"<b>{escape(name)}</b>{mark} {escape(words.more)}"
    return _beside(said.strip(), _values(contract, column))


def _beside(html: str, small: str) -> str:
    """What is said, and a small remark: beside it where there is room, else below."""
    return f'<div class="said"><div>{html}</div> <small>{small}</small></div>'


def _mark(words: str) -> str:
    return f' <span class="tag">{escape(words)}</span>'


def _values(contract: TableContract, column: Column) -> str:
    """What may stand in a column: its kind, and its codes, units or limits."""
    words = contract_words()
    codes = [_code(contract, column, value) for value in column.values]
    match column.kind:
        case Kind.UNIT:
            kinds = [escape(words.units[kind]) for kind in column.units]
            return f"Enhet: {_either([*kinds, *codes])}"
        case Kind.CODE:
            return f"{escape(wording.upper_first(words.kinds['code']))}: {', '.join(codes)}"
        case Kind.WHOLE | Kind.NUMBER if column.lowest is not None:
            return f"{wording.upper_first(words.kinds[column.kind])}, {_limits(column)}"
    return escape(wording.upper_first(words.kinds[column.kind]))


def _code(contract: TableContract, column: Column, value: str) -> str:
    meaning = contract_words().code(contract.name, column.name, value)
    code = column_code(value)
    return code if meaning == value else f"{code} {escape(meaning)}"


def _either(words: list[str]) -> str:
    return wording.listing(words).replace(" och ", " eller ")


def _grouped(contract: TableContract) -> list[tuple[Rule, tuple[str, ...]]]:
    """The table's rules; one that is made for several columns alike stands once, with all."""
    alone: dict[tuple[str, ...], list[str]] = {}
    grouped: dict[tuple[str, ...], Rule] = {}
    for rule in rules_of(contract):
        same = (rule.name, str(rule.consequence))
        if len(rule.columns) == 1:
            alone.setdefault(same, []).append(rule.columns[0])
            grouped.setdefault(same, rule)
        else:
            grouped[(*same, *rule.columns)] = rule
    return [(rule, tuple(alone.get(same, rule.columns))) for same, rule in grouped.items()]


def _rule(contract: TableContract, rule: Rule, columns: tuple[str, ...]) -> tuple[str, str]:
    words = contract_words()
    told = words.rule(contract.name, rule.name)
    says = rule_says(contract.name, rule.name, columns)
    will = words.consequences[rule.consequence].will
    return escape(told.name), _beside(escape(says), f"Annars: {escape(wording.lower_first(will))}")
