"""Running notebooks: workers side by side, what bounds them, and how each run ends."""
