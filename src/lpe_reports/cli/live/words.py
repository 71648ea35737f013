"""What a preview says to the author, in Swedish."""

CELL = "Cell {cell} gick inte att köra"
CLOSED = "Sidan gick inte att avsluta"
CLOSING = "efter sista cellen"
RUN = "Notebooken gick inte att köra"
NOTEBOOK = "Notebooken går inte att köra som den är skriven"
PARAMS = "{file} är inte rätt skriven"
PARAMS_TODO = (
    "Rätta raden och spara; sidan görs då om. `lpe check` listar allt som är fel i params."
)
RENDER = "Sidan gick inte att framställa av det som notebooken visade"
RENDER_MEANS = "Notebooken gick att köra. Felet ligger i en mall, ett filter eller ett diagram."
RENDER_TODO = "Ångra den senaste ändringen i mallen, filtret eller diagrammet, eller rätta den."
CODE = "{file} innehåller ett fel"
PAGE = "Sidan gick inte att göra"
INSIDE = " (felet uppstod i {where})"
SYNTAX = ("SyntaxError", "IndentationError", "TabError")

_SAVE = "Rätta och spara; sidan görs då om."
_UNKNOWN = f"Läs felets egna ord och raden det pekar på. {_SAVE}"

# What an error's class means to somebody who did not write the package, and what to do.
_MEANS = {
    "NameError": (
        "Raden använder ett namn som inte finns här.",
        f"Se efter hur namnet är stavat, och att cellen som skapar det står före. {_SAVE}",
    ),
    "KeyError": (
        "Raden frågar efter något (en kolumn, en nyckel) som inte finns.",
        f"Se efter hur kolumnen eller nyckeln är stavad. {_SAVE}",
    ),
    "AttributeError": (
        "Raden anropar något som inte finns på det objektet.",
        f"Se efter hur anropet är stavat; docs/page-calls.md har alla anrop på sidan. {_SAVE}",
    ),
    "TypeError": (
        "Ett anrop har fått fel slags värden, för många eller för få.",
        f"Jämför med docs/page-calls.md, som säger vad varje anrop tar. {_SAVE}",
    ),
    "ValueError": ("Ett värde går inte att använda här.", _UNKNOWN),
    "SyntaxError": (
        "Texten är inte giltig Python: ofta en parentes, ett citattecken eller ett kolon för lite.",
        f"Titta på raden och på den före. {_SAVE}",
    ),
    "IndentationError": ("Raden är indragen på fel sätt.", f"Rätta indraget. {_SAVE}"),
    "TabError": ("Raden blandar tabbar och blanksteg.", f"Använd blanksteg. {_SAVE}"),
    "ModuleNotFoundError": (
        "Raden importerar något som inte finns i projektets miljö.",
        f"En notebook behöver bara `from lpe_reports import page`. {_SAVE}",
    ),
    "ImportError": (
        "Raden importerar ett namn som modulen inte har.",
        f"Se efter hur namnet är stavat i modulen. {_SAVE}",
    ),
    "ZeroDivisionError": ("Något delas med noll.", _UNKNOWN),
    "IndexError": ("Raden frågar efter en plats som listan inte har.", _UNKNOWN),
    "FileNotFoundError": (
        "Filen finns inte. En notebook läser sina uppgifter genom sidan, inte ur filer.",
        _UNKNOWN,
    ),
    "UsageError": (
        "Anropet frågar efter något som inte finns: en rapport, en enhet, en period, ett mått.",
        f"Felet säger vad som finns. {_SAVE}",
    ),
    "NotebookError": ("Något i notebooken är inte skrivet som det ska vara.", _UNKNOWN),
    "DisclosureError": (
        "Något var på väg att visas som inte kan visas så som det är skrivet. Det visas inte.",
        f"Felet säger vad som behövs. {_SAVE}",
    ),
    "ExtractError": (
        "Uttaget som sidan läser saknas eller är skadat.",
        "Kör `lpe extract` (för demon `lpe demo` först) och starta förhandsvisningen igen.",
    ),
    "SettingsError": ("Något runt projektet är inte som det ska vara.", _UNKNOWN),
    "NoRowsError": (
        "En tabell som rapporten kräver (requires_rows) har inga rader för perioden.",
        "Välj en annan period, eller ändra requires_rows i rapportens fil i params/reports.",
    ),
    "RenderError": (RENDER_MEANS, RENDER_TODO),
    "MemoryError": ("Minnet tog slut.", "Läs färre kolumner, enheter eller dagar."),
    "SystemExit": ("Notebooken avslutade sig själv.", f"Ta bort anropet. {_SAVE}"),
}

# How a run can end without having raised, by what the build calls it.
ENDED = {
    "": ("Körningen avbröts.", _UNKNOWN),
    "timed out": (
        "Det tog längre tid än rapporten får ta (timeout_seconds i rapportens fil i params).",
        f"Läs färre rader, eller flytta beräkningen till ett mått. {_SAVE}",
    ),
    "too much memory": (
        "Notebooken ville ha mer minne än den får (LPE_NOTEBOOK_MEMORY_MB).",
        f"Läs färre kolumner, enheter eller dagar. {_SAVE}",
    ),
    "too much output": (
        "Notebooken visade eller skrev ut mer än en sida rymmer.",
        f"Skriv ut mindre. {_SAVE}",
    ),
    "foreign output": (
        "Cellen visar något som inte har gått genom sekretessprövningen. Det visas inte.",
        "Visa tabeller med p.table(…) och diagram med p.chart(…), och avsluta ingen cell med en "
        f"dataram. {_SAVE}",
    ),
    "no rows": (
        "En tabell som rapporten kräver (requires_rows) har inga rader för perioden.",
        "Välj en annan period, eller ändra requires_rows i rapportens fil i params/reports.",
    ),
    "unfinished": ("Notebooken slutade innan sidan var klar.", f"Ta bort exit eller quit. {_SAVE}"),
    "died": (
        "Processen som körde notebooken dog, kanske av minnesbrist eller ett fel i ett bibliotek.",
        f"Ändra cellen så att den gör mindre. {_SAVE}",
    ),
    "not started": (
        "Det gick inte att starta processen som kör notebooken.",
        "Spara igen; hjälper det inte, avsluta förhandsvisningen och starta den på nytt.",
    ),
}


def explained(error: str, said: str) -> tuple[str, str]:
    """What an error means and what to do, by its class."""
    if error == "UsageError" and "no report" in said:
        return (
            "Rapporten finns inte i params/reports.",
            "`lpe new` gör en ny rapport; felet säger vilka som finns.",
        )
    return _MEANS.get(error, ("", _UNKNOWN))


MAKING = "Görs om …"
MAKING_CELL = "Görs om: cell {cell} av {cells} …"
NOT_YET = "Filen är inte klar"
BUSY = "Sidan görs om just nu; försök igen när den är klar."
