"""Charts in the house style: built with Altair, drawn later; each with its data and alt text."""
