"""The measures that can be followed over periods, family by family."""
