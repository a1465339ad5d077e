"""Chance that falls the same way for the same facts, so that a seed names one unit."""

from random import Random


def chance_for(*facts: object) -> Random:
    """Return random numbers that depend on `facts` alone."""
    return Random(" ".join(map(str, facts)))  # noqa: S311  nothing here is secret
