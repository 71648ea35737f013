"""The palette: one colour per meaning, light and dark, explained on "Förklaring färger".

Charts are drawn in the light colours, literally, because Typst knows no CSS variables; on the
page each is replaced by the variable of its name, so that one drawing serves light and dark.
No colour stands for two meanings, or the replacement could not tell them apart.

The series colours have a contrast of at least 3:1 to the paper and stay apart for readers with
protanopia, deuteranopia and tritanopia (CIELAB distance over 10); series are labelled
directly, so colour is never the only carrier. The shades are one colour from pale to strong (from
dark to bright in the dark); what they shade is outlined, or has its number written on it.
"""

from collections.abc import Mapping
from types import MappingProxyType

PALETTE: Mapping[str, str] = MappingProxyType(
    {
        "paper": "#ffffff",
        "ink": "#1c2430",
        "soft": "#566171",
        "line": "#d9dee5",
        "series-1": "#1f5fa8",
        "series-2": "#c4570d",
        "series-3": "#1c8278",
        "series-4": "#7d1f5e",
        "series-5": "#5d4a00",
        "series-6": "#6e7b8a",
        "mean": "#7d8996",
        "target": "#b34d0a",
        "good": "#17653a",
        "bad": "#a4290f",
        "shade-1": "#e6f0fb",
        "shade-2": "#c2daf4",
        "shade-3": "#92bae8",
        "shade-4": "#6095d1",
        "shade-5": "#3072bf",
        "shade-6": "#1e5a9e",
        "shade-7": "#144174",
        "shade-8": "#0d294a",
    }
)
DARK: Mapping[str, str] = MappingProxyType(
    {
        "paper": "#12161c",
        "ink": "#e6eaf0",
        "soft": "#a3aebb",
        "line": "#333c48",
        "series-1": "#7fb2ee",
        "series-2": "#f2a25c",
        "series-3": "#2fd6b4",
        "series-4": "#f0609a",
        "series-5": "#f5e68c",
        "series-6": "#a9b4c0",
        "mean": "#8a96a4",
        "target": "#f0a060",
        "good": "#7fd0a0",
        "bad": "#f29a86",
        "shade-1": "#1a2e45",
        "shade-2": "#213f62",
        "shade-3": "#2a527f",
        "shade-4": "#3567a0",
        "shade-5": "#4385d0",
        "shade-6": "#67a1e4",
        "shade-7": "#92bff3",
        "shade-8": "#c3ddfa",
    }
)
# Orange comes last: the target's line is nearly of that colour.
SERIES = tuple(PALETTE[f"series-{number}"] for number in (1, 3, 4, 5, 6, 2))

# From little to much, or from early to late. On the paler half ink is read, on the stronger half
# paper, in light and in dark (4.5:1).
SHADES = tuple(PALETTE[f"shade-{number}"] for number in range(1, 9))

# What each meaning is, in the order of "Förklaring färger"; None where a colour is only paper.
MEANINGS: Mapping[str, str] = MappingProxyType(
    {
        "series-1": "Den serie som diagrammet handlar om, eller den första av flera.",
        "series-2": "Ovanligt värde (trekant), och den sjätte av flera serier.",
        "series-3": "Den andra av flera serier.",
        "series-4": "Den tredje av flera serier.",
        "series-5": "Den fjärde av flera serier.",
        "series-6": "Den femte av flera serier.",
        "mean": "Medelvärdet under perioden, heldragen tunn linje.",
        "target": "Målet, streckad linje.",
        "good": "Bättre än vanlig variation (romb) eller når målet (▲).",
        "bad": "Sämre än vanlig variation (fyrkant) eller under målet (▼).",
        "line": "Skuggat fält: stängt eller helgdag.",
    }
)
