"""PatientSearch."""

import re
from collections.abc import Callable

from systmone.simulator.documents import Element, build, published, text_of
from systmone.simulator.functions.call import Call, Reply
from systmone.simulator.refusals import RefusedPermanently

FEWEST_CONSTRAINTS = 2
PHONES = ("HomeTelephone", "MobileTelephone", "WorkTelephone", "AlternateTelephone")
POSTCODE = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?( [0-9][A-Z]{2})?", re.IGNORECASE)

Matches = Callable[[Element, str], bool]


def patient_search(call: Call) -> Reply:
    """Section PatientSearch: at least two constraints, all of which must be met."""
    wanted = {
        tag: text for tag in CONSTRAINTS if (text := text_of(call.parameters, tag).casefold())
    }
    if len(wanted) < FEWEST_CONSTRAINTS:
        raise RefusedPermanently("At least two search parameters must be specified")
    if "PostCode" in wanted and not POSTCODE.fullmatch(wanted["PostCode"]):
        raise RefusedPermanently("The postcode is not formatted correctly")
    views = [call.desk.view(number) for number in call.unit.numbers]
    return [_result(view) for view in views if _meets(view, wanted)]


def _meets(patient: Element, wanted: dict[str, str]) -> bool:
    demographics = patient.find("Demographics")
    return demographics is not None and all(
        CONSTRAINTS[tag](demographics, text) for tag, text in wanted.items()
    )


def _equals(path: str) -> Matches:
    return lambda demographics, text: text_of(demographics, path).casefold() == text


def _starts(path: str) -> Matches:
    return lambda demographics, text: text_of(demographics, path).casefold().startswith(text)


def _has_postcode(demographics: Element, text: str) -> bool:
    postcode = text_of(demographics, "Address/Postcode").casefold()
    return text in (postcode, postcode.partition(" ")[0])


def _has_telephone(demographics: Element, text: str) -> bool:
    digits = text.replace(" ", "")
    return any(text_of(demographics, phone).replace(" ", "") == digits for phone in PHONES)


CONSTRAINTS: dict[str, Matches] = {
    "DateOfBirth": _equals("DateOfBirth"),
    "PostCode": _has_postcode,
    "FirstName": _starts("FirstName"),
    "Surname": _starts("Surname"),
    "Telephone": _has_telephone,
    "Gender": _equals("Sex"),
}


def _result(patient: Element) -> Element:
    result = build("Result", [published(part) for part in patient.iterfind("Identity")])
    for tag in ("FirstName", "MiddleNames", "Surname", "DateOfBirth", "Sex"):
        result.append(build(tag, text_of(patient, f"Demographics/{tag}")))
    phones = [text for tag in PHONES if (text := text_of(patient, f"Demographics/{tag}"))]
    result.extend(build("Telephone", phone) for phone in phones[:1])
    result.extend(published(address) for address in patient.iterfind("Demographics/Address"))
    return result
