"""The reporting site of an operation-planning office."""
