"""The tiers of the product, without Django: settings and the demo's supervisor name them too."""

from enum import StrEnum


class Tier(StrEnum):
    LIGHT = "light"
    MEDIUM = "medium"
    MAX = "max"
    MAX_PLUS = "max_plus"

    @property
    def label(self) -> str:
        return {"max_plus": "Max+"}.get(self.value, self.value.title())
