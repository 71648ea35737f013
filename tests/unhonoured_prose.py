"""Prose that no page honours, and the words by which each construct is named."""

LEFT_OUT = {
    "```{mermaid}\ngraph TD\n```": "an executable block {mermaid}",
    "- punkt\n\n    ```{python}\n    1/0\n    ```": "an executable block {python}",
    "<script>alert(1)</script>": "raw HTML <script>",
    "Ord <iframe src='x'></iframe> till": "raw HTML <iframe>",
    '<p style="color: red">rött</p>': "the attribute style of raw HTML",
    "[ord]{style='color: red'}": "the attribute style",
    "[ord](javascript:alert)": "a link to javascript:",
    "```{=latex}\n\\newpage\n```": "raw {=latex}",
    "\\newpage": "raw {=tex}",
    "::: {.column-margin}\nsmått\n:::": "the class .column-margin",
    "[smått]{.aside}": "the class .aside",
    '::: {layout-ncol="2"}\nord\n:::': "the attribute layout-ncol",
    "::: {#thm-ett}\nord\n:::": "a numbered block (::: {#thm-…})",
    "::: {.callout-danger}\nord\n:::": "a callout of the kind danger",
    '::: {.panel-tabset group="x"}\n## A\n\na\n\n## B\n\nb\n:::': "the attribute group",
    "$$x$$ {#eq-x}": "the label of a formula",
    "Se @fig-borta.": "a reference @fig-borta leads to nothing",
    "![ord][bild]\n\n[bild]: flode.svg": "a picture is left out",
    "ord\n\n:::": "::: that begins or ends nothing",
}
