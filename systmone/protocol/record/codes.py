"""Clinical codes and drugs."""

from typing import Annotated

from systmone.protocol.errors import InvalidRequest
from systmone.protocol.values import Attribute, Value


class Code(Value):
    """A clinical code: `scheme` is CTV3 or Snomed; SystmOne adds the `term`."""

    scheme: Annotated[str | None, Attribute("Scheme")] = None
    code: Annotated[str | None, Attribute("Code")] = None
    term: Annotated[str | None, Attribute("Term")] = None

    def check(self, field: str) -> None:
        """Raise InvalidRequest unless this may stand in a request at `field`."""
        if self.scheme not in {"CTV3", "Snomed"}:
            raise InvalidRequest(
                f"{field}@Scheme", "Adding a Clinical Code", "must be CTV3 or Snomed"
            )
        if not self.code:
            raise InvalidRequest(f"{field}@Code", "Adding a Clinical Code", "is missing")


class CodedValue(Value):
    """A fact that is a code, present but empty where it is not recorded."""

    code: Code | None = None


class Drug(Value):
    """A drug or appliance: `scheme` is Multilex or Dmd."""

    scheme: Annotated[str | None, Attribute("Scheme")] = None
    product_id: Annotated[str | None, Attribute("ProductID")] = None
    pack_id: Annotated[str | None, Attribute("PackID")] = None
    name: Annotated[str | None, Attribute("Name")] = None


class Ingredient(Value):
    """An ingredient that a patient is sensitive to; `details` is the name that the record shows."""

    scheme: Annotated[str | None, Attribute("Scheme")] = None
    ingredient_id: Annotated[str | None, Attribute("IngredientID")] = None
    name: Annotated[str | None, Attribute("Name")] = None
    details: Annotated[str | None, Attribute("Details")] = None


class Selection(Value):
    """What the user has selected on the screen (specification: GetCurrentSelection)."""

    drugs: tuple[Drug, ...] = ()
    codes: tuple[Code, ...] = ()
