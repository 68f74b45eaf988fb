"""Lint rules of the project's own: decisions of the architecture that a machine can hold us to."""
