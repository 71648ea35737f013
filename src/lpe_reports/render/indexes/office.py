"""The office's own words about the site; how accessible it is stands in `accessibility.py`."""

from collections.abc import Iterator
from html import escape

from lpe_reports import wording
from lpe_reports.params.disclosure import DisclosurePolicy
from lpe_reports.render.document import PageDocument
from lpe_reports.render.edition import Edition
from lpe_reports.render.fragments import anchor, paragraph, section
from lpe_reports.render.indexes.accessibility import accessibility_page
from lpe_reports.render.indexes.index_document import index_document


def office_pages(edition: Edition) -> Iterator[PageDocument]:
    """About the site, and how accessible it is."""
    yield _about(edition)
    yield accessibility_page(edition)


def _about(edition: Edition) -> PageDocument:
    site = edition.site.params.site
    mail = anchor(site.contact, f"mailto:{site.contact}")
    definitions = anchor("Så räknar vi", "../sa-raknar-vi/index.html")
    quality = anchor("Datakvalitet", "../datakvalitet/index.html")
    units = anchor("Enheter", "../enheter/index.html")
    packs = anchor("mötesunderlag", "../motesunderlag/index.html")
    dataset = anchor("dataset", "../dataset/index.html")
    return index_document(
        edition.site,
        "om/index",
        "Om sidorna",
        [
            section(
                "Hitta rätt",
                paragraph(
                    f"Startsidan visar vad som har lämnat sina vanliga gränser. Under {units} har "
                    "varje enhet en egen sida med sina rapporter, den senaste överst. Gör en enhet "
                    "till din på dess sida, så visas den först på startsidan i den webbläsaren."
                ),
                paragraph(
                    "Varje sida finns som PDF, Excel, CSV och JSON. För möten finns färdiga "
                    f"{packs}, och för egna analyser allt som visas i ett {dataset}."
                ),
            ),
            section(
                "Hur sidorna görs",
                paragraph(
                    "Varje natt hämtas nya uppgifter ur datalagret och kontrolleras. De sidor vars "
                    "underlag har ändrats görs om, de andra står kvar som de var. Alla sidor "
                    "publiceras samtidigt, som en version."
                ),
                paragraph(
                    "En period som inte är slut är märkt ”pågår”. Den jämförs med lika många dagar "
                    "av perioden före, och talen ändras tills perioden är slut och uppgifterna har "
                    "kommit in."
                ),
                paragraph(
                    f"Hur varje mått räknas står under {definitions}, och vad kontrollerna fann "
                    f"under {quality}. Längst ner på varje sida står vilket uttag och vilken "
                    "rapport den är gjord av."
                ),
            ),
            section(
                "Att hänvisa till en sida",
                paragraph(
                    "En version ändras aldrig, utom när en sida måste dras tillbaka. Länken "
                    "”permanent adress” längst ner på varje rapportsida leder till sidan som den "
                    "var i just den versionen, också när nya har kommit."
                ),
                paragraph(
                    "Äldre versioner gallras. Ska en sida nämnas i ett protokoll eller ett beslut, "
                    f"skriv till {mail}, så sparas den versionen."
                ),
            ),
            section("Små tal", *small_numbers(edition.site.params.disclosure)),
            section(
                "Fråga eller rätta",
                paragraph(
                    f"Frågor om siffrorna, eller fel på en sida: {mail}. Länken ”Fel på sidan?” "
                    "längst ner på varje sida skriver dit vilken sida och version det gäller."
                ),
            ),
            section(
                "Typsnitt",
                paragraph(
                    "Sidorna är satta med Inter av Rasmus Andersson, under SIL Open Font License "
                    "1.1."
                ),
            ),
        ],
        lead=site.about,
    )


def small_numbers(policy: DisclosurePolicy) -> Iterator[str]:
    """What is hidden, why, what is promised against time, and what is not."""
    most = wording.count_word(policy.threshold - 1)
    few = "en enda patient" if policy.threshold == 2 else f"en till {most} patienter"
    yield paragraph(
        f"Ett tal som gäller {few} visas inte, och inte heller tal som räknas på så få: andelar, "
        f"medelvärden, medianer. Där står ”dold”. Nollor visas, utom i en rad som måste döljas "
        f"helt. {escape(policy.decision)}"
    )
    yield paragraph(
        "Ibland döljs också ett större tal. Om summan och alla tal utom ett är synliga går det "
        "sista att räkna ut, och då måste ett till döljas. Därför prövas vad en läsare skulle "
        "kunna räkna ut av allt som står på sidan: tabeller, summor, andelar och medelvärden. "
        "Sedan prövas sidorna mot varandra, till exempel enheter mot sjukhus och månader mot "
        "kvartal. Fler tal döljs tills inget dolt tal går att räkna ut eller att ringa in så "
        "att det säkert är litet."
    )
    yield paragraph(
        "När en uppdelning skulle ge många dolda tal visas hellre en grövre, till exempel kvartal "
        "i stället för månader. Det står i så fall under tabellen."
    )
    yield paragraph(
        "Ett dolt tal finns ingenstans på webbplatsen: inte i diagram eller det som ligger bakom "
        "dem, och inte i filer som kan laddas ner."
    )
    shown = " ".join(family.reason for family in policy.families if not family.protected)
    if shown:
        yield paragraph(f"{escape(shown)} Sådana tal visas som de är.")
    yield paragraph(
        "Tal som har dolts för en avslutad period förblir dolda så länge en version där de är "
        "dolda finns kvar, även om underlaget rättas. Mer än så lovas inte över tid. Den som "
        "jämför versioner kan se att andra tal har ändrats. Perioder som pågår prövas på nytt "
        "varje natt, och den som jämför två nätter kan se vad dagarna däremellan har tillfört."
    )
    yield paragraph(
        "Prövningen utgår från det som står på sidorna. Den skyddar inte mot den som redan vet "
        "något om enskilda patienter eller som lägger till uppgifter från andra håll."
    )
