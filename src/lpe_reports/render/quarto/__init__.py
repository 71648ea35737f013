"""Quarto as a renderer: found, given a scratch project, run, its log read, its pages taken."""
