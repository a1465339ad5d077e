"""Codes and drugs in the scheme that a request asks for (section Function Requests).

The unit holds CTV3 and Multilex where it knows a pair; what it does not know stays as it is.
"""

import re

from systmone.simulator.documents import Element
from systmone.simulator.envelope import Request
from systmone.simulator.refusals import RefusedPermanently
from systmone.simulator.unit import Unit

FORMS = {"CTV3": re.compile(r"[A-Za-z0-9.]{5}"), "Snomed": re.compile(r"[1-9][0-9]{5,17}")}
# The specification's own example misspells Multilex.
DRUG_SCHEMES = {"Multilex": "Multilex", "Mulitlex": "Multilex", "Dmd": "Dmd"}


def check_output_scheme(request: Request) -> None:
    """Refuse a scheme that SystmOne does not offer."""
    if request.codes not in FORMS or request.drugs not in DRUG_SCHEMES:
        raise RefusedPermanently("The OutputScheme is not known")


def in_schemes(element: Element, request: Request, unit: Unit) -> Element:
    """Put the codes and drugs inside `element` into the request's schemes; return it."""
    for code in element.iter("Code"):
        _translate(code, "Code", request.codes, unit.part("Codes"))
    for drug in element.iter("Drug"):
        _translate(drug, "ProductID", DRUG_SCHEMES[request.drugs], unit.part("Drugs"))
    return element


def as_native(element: Element, unit: Unit) -> None:
    """Check the codes inside `element`, and put them into the schemes that the unit keeps."""
    for code in element.iter("Code"):
        form = FORMS.get(code.get("Scheme", ""))
        if form is None or not form.fullmatch(code.get("Code", "")):
            raise RefusedPermanently(f"{code.get('Code')} is no {code.get('Scheme')} code")
        _translate(code, "Code", "CTV3", unit.part("Codes"))
    for drug in element.iter("Drug"):
        if drug.get("Scheme") not in DRUG_SCHEMES or not drug.get("ProductID"):
            raise RefusedPermanently("The drug's Scheme or ProductID is not known")
        _translate(drug, "ProductID", "Multilex", unit.part("Drugs"))


def _translate(item: Element, attribute: str, scheme: str, dictionary: Element) -> None:
    old_scheme = item.get("Scheme", "")
    for known in dictionary:
        if known.get(old_scheme) == item.get(attribute):
            item.set("Scheme", scheme)
            item.set(attribute, known.get(scheme, ""))
            words = "Term" if item.tag == "Code" else "Name"
            item.set(words, item.get(words, "") or known.get(words, ""))
            return
