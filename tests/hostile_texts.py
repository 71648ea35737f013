"""Texts that somebody could put into a name or a comment, to break the page that shows them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Hostile:
    """One text.

    Fields:
        id: What it tries.
        text: As it is written in the source.
        seen: As a reader sees it; the text itself when not given.
    """

    id: str
    text: str
    seen: str = ""

    @property
    def read(self) -> str:
        """What a reader sees, spaces and line breaks as one space each."""
        return " ".join((self.seen or self.text).split())


HOSTILE = (
    Hostile("script", "<script>alert(1)</script>"),
    Hostile("image", "\"><img src=x onerror=alert(1)>"),
    Hostile("drawing", "<svg/onload=alert(1)>"),
    Hostile("attribute", "' onmouseover='alert(1)' x='\" onfocus=\"alert(1)\" autofocus=\""),
    Hostile("end-of-script", "</script><script src=https://evil.example/x.js></script>"),
    Hostile("end-of-everything", "</td></tr></table></main></body></title></style></textarea>"),
    Hostile("frame", "<iframe srcdoc='<script>parent.alert(1)</script>'></iframe>"),
    Hostile("comment", "<!-- x --><![CDATA[ y ]]>--!>"),
    Hostile("address", "javascript:alert(1)"),
    Hostile("entity", "&lt;b&gt; &amp;amp; &#60;script&#62; &nbsp;&bogus;"),
    Hostile("direction", "a\u202egnp.exe\u2066b\u200f", "agnp.exeb"),
    Hostile("invisible", "no\u200bthing\u2060 to\ufeff see", "no\u200bthing\u2060 to see"),
    Hostile("control", "a\x00b\x01c\x1b[31md\x7fe\x85f\u2028g", "abc[31mde f g"),
    Hostile("no-character", "a\ufffeb\uffffc\ufdd0d\U0001ffffe", "abcde"),
    Hostile("link", "[a](https://evil.example) ![x](https://evil.example/x.png) <a@b.example>"),
    Hostile("raw", "`<b>`{=html} `#eval(\"1\")`{=typst} ```{=html}\n<b>x</b>\n```"),
    Hostile("fence", "```\n\n# Heading\n\n::: {.callout-note}\n- item\n:::\n\n````"),
    Hostile("front-matter", "---\ntitle: owned\n---\n..."),
    Hostile("include", "{{< include /etc/passwd >}} {{< env HOME >}} {{% x %}} $body$ ${title}"),
    Hostile("attributes", "[x]{.y onclick=alert(1)} {#id} {style=\"color:red\"} ^a^ ~b~ @cite"),
    Hostile("typst", "#eval(\"1+1\") #image(\"/etc/passwd\") #set page(fill: red) <label>"),
    Hostile("quotes", "\" ' \\ \\\" \\n \\u{1F600} // /* */ \u201d \u2019 ` ``"),
    Hostile("mathematics", "$x^2$ $$\\int$$ \\(y\\) \\input{/etc/passwd} \\write18{id} ~ % &"),
    Hostile("formula", "=cmd|'/c calc'!A0"),
    Hostile("hyperlink", "=HYPERLINK(\"https://evil.example\",\"x\")"),
    Hostile("plus", "+1+cmd|' /C calc'!A0"),
    Hostile("minus", "-2+3+cmd|' /C calc'!A0"),
    Hostile("at", "@SUM(1+1)*cmd|' /C calc'!A0"),
    Hostile("tab", "\t=1+1"),
    Hostile("return", "\r=1+1\n=2+2\r\n=3+3"),
    Hostile("wide-equals", "\uff1d1+1 \uff0b \uff0d \uff20"),
    Hostile("separators", "a;b,c\td|e\"f\"\n;=1+1,=2+2\n\"\n'"),
    Hostile("escape-of-excel", "_x0041_ _x000D_ _x005F_"),
    Hostile("long-word", "W" * 300),
    Hostile("long", "ett tv\u00e5 " * 5000),
    Hostile("emoji", "\U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f1f8\U0001f1ea \U0001f4a9"),
    Hostile("combining", "Z\u0351\u036b\u0343\u036a\u0302a\u0308 e\u0301\u0301"),
    Hostile("scripts", "\u0e01\u0e33 \u0627\u0644\u0633 \u05e9 \u4e2d\u6587 \ufdfd"),
    Hostile("numbers", "1e999 NaN -0 0x1F 12,5 1\u00a0044 2026-10 TRUE NULL"),
)  # fmt: skip
