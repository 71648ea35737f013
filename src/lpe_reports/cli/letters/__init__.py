"""Telling people of a night that did not go well: by mail, or to a chat by its webhook."""
