"""The manual: docs/*.md as a small site, by the renderer and the templates of the reports' own."""
