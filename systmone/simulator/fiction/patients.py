"""Invented patients: identities and demographics, with the gaps that real ones show."""

from datetime import date, timedelta
from random import Random

from nhs_number import calculate_checksum

from systmone.simulator.documents import Element, build
from systmone.simulator.fiction.codes import ENGLISH, MARRIED, POLISH, SINGLE, WHITE_BRITISH, Term
from systmone.simulator.fiction.names import FEMALE_NAMES, MALE_NAMES, ROADS, SURNAMES, TOWNS

WELL_KNOWN_NHS_NUMBER = "9434765919"
PSEUDO_NUMBER = "0002767317"
WITH_PSEUDO_NUMBER = 7
"""The place, counted from 0, of the one patient who has no NHS number."""

_CHECK_DIGIT_TEN = 10


def synthetic_nhs_numbers(chance: Random, count: int) -> list[str]:
    """Return different valid numbers of the range 999, which is never issued."""
    numbers: dict[str, None] = {}
    while len(numbers) < count:
        digits = f"999{chance.randrange(10**6):06d}"
        check_digit = calculate_checksum(digits)
        if check_digit != _CHECK_DIGIT_TEN:
            numbers[f"{digits}{check_digit}"] = None
    return list(numbers)


def identity(place: int, nhs_number: str) -> Element:
    """Return the Identity as SystmOne answers with it (section Patient Identification)."""
    number = build("NHSNumber", WELL_KNOWN_NHS_NUMBER if place == 0 else nhs_number)
    if place == WITH_PSEUDO_NUMBER:
        number = build("PseudoNumber", PSEUDO_NUMBER)
    return build("Identity", [number, build("StrategicReportingIdentifier", str(880_100 + place))])


def demographics(chance: Random, place: int, today: date) -> Element:
    """Return demographics; what is unset is empty or absent, as SystmOne does it."""
    is_woman = chance.random() < 0.5
    first_name = chance.choice(FEMALE_NAMES if is_woman else MALE_NAMES)
    born = date(today.year - chance.randint(19, 78), chance.randint(1, 12), chance.randint(1, 28))
    known_as = [build("KnownAs", first_name[:3])] if place % 6 == 2 else []
    return build(
        "Demographics",
        [
            build("Title", chance.choice(("Ms", "Mrs", "Miss") if is_woman else ("Mr",))),
            build("FirstName", first_name),
            build("MiddleNames", chance.choice(("", "", chance.choice(SURNAMES)))),
            build("Surname", SURNAMES[place % len(SURNAMES)]),
            *known_as,
            build("DateOfBirth", born.isoformat()),
            build("Sex", "F" if is_woman else "M"),
            build("MaritalStatus", _coded(chance.choice((SINGLE, MARRIED, None)))),
            build("Ethnicity", _coded(chance.choice((WHITE_BRITISH, None)))),
            build("MainLanguage", _coded(POLISH if place % 9 == 4 else ENGLISH)),
            build("EnglishSpeaker", "Unknown" if place % 9 == 4 else "Yes"),
            _address(chance),
            *_contacts(chance, place),
            build("SMSConsent", chance.choice(("Yes", "No", ""))),
            build("UsualGPUserName"),
            build("CareStartDate", (today - timedelta(chance.randint(3, 90))).isoformat()),
        ],
    )


def _coded(term: Term | None) -> list[Element]:
    if term is None:
        return []
    return [build("Code", Scheme="CTV3", Code=term.ctv3, Term=term.words)]


def _address(chance: Random) -> Element:
    town, postcode = chance.choice(TOWNS)
    return build(
        "Address",
        [
            build("HouseNumber", str(chance.randint(1, 180))),
            build("Road", chance.choice(ROADS)),
            build("Town", town),
            build("Postcode", postcode),
        ],
    )


def _contacts(chance: Random, place: int) -> list[Element]:
    mobile = f"07700900{place:03d}" if chance.random() < 0.7 else ""
    return [
        build("HomeTelephone", f"01632960{300 + place}" if chance.random() < 0.6 else ""),
        build("WorkTelephone"),
        build("MobileTelephone", mobile),
        build("AlternateTelephone"),
        build("EmailAddress", f"patient{place}@mail.example" if chance.random() < 0.4 else ""),
    ]
