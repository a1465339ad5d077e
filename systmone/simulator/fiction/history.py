"""Invented clinical history, in events as SystmOne shows them."""

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from systmone.simulator.clock import written
from systmone.simulator.documents import Element, build
from systmone.simulator.fiction.codes import (
    DIAGNOSES,
    DRUGS,
    HISTORY,
    READINGS,
    SECTION,
    Reading,
    Term,
)
from systmone.simulator.fiction.names import NOTES

LONGEST_LINE = 6000
"""The longest narrative Line that was seen in a real record, in characters."""

WITH_LONG_NOTE = 3


@dataclass(frozen=True)
class Author:
    """Who writes and where."""

    user_name: str
    name: str
    ward: str


@dataclass(frozen=True)
class Story:
    """What the history of one patient is made from."""

    chance: Random
    place: int
    now: datetime
    author: Author
    new_uid: Callable[[], str]


def history(story: Story) -> tuple[Element, Element]:
    """Return the Clinical element, newest event last, and the documents it refers to."""
    documents = build("Documents")
    referral, problem = story.new_uid(), story.new_uid()
    days = sorted((story.chance.randint(2, 60) for _ in range(8)), reverse=True)
    parts: list[list[Element]] = [
        [_referral(story, referral, days[0]), _narrative("P: Admission agreed with the team.")],
        [_problem(story, problem), _coded(SECTION)],
        [_coded(story.chance.choice(HISTORY)), _sensitivity()],
        [*(_reading(story, reading) for reading in READINGS)],
        [_medication(story, days[3]), _reminder(story)],
        [_letter(story, documents), _relationship(story)],
        [_attachment(story, documents), _care_plan(story)],
        [_narrative(_note(story)), build("LinkedProblemUID", problem)],
        [_narrative(story.chance.choice(NOTES))],
    ]
    events = [
        _event(story, content, days_ago)
        for content, days_ago in zip(parts, [*days, 0], strict=True)
    ]
    events[4].set("LinkedReferralUID", referral)
    return build("Clinical", events), documents


def _event(story: Story, content: list[Element], days_ago: int) -> Element:
    when = story.now - timedelta(days=days_ago, minutes=story.chance.randint(5, 50))
    return build(
        "Event",
        content,
        DateTime=written(when),
        UserName=story.author.user_name,
        DoneBy=story.author.name,
        DoneAt=f"{story.author.ward} Ward",
        EventUID=story.new_uid(),
        entered=written(when),
    )


def _narrative(text: str) -> Element:
    return build("Narrative", [build("Line", text)])


def _note(story: Story) -> str:
    if story.place != WITH_LONG_NOTE:
        return f"D: {story.chance.choice(NOTES)}"
    return ("D: " + " ".join(NOTES) * 12)[: LONGEST_LINE - 1] + "…"


def _code(term: Term) -> Element:
    return build("Code", Scheme="CTV3", Code=term.ctv3, Term=term.words)


def _coded(term: Term) -> Element:
    return build("ClinicalCode", [_code(term)])


def _reading(story: Story, reading: Reading) -> Element:
    value = story.chance.uniform(reading.least, reading.most)
    digits = 2 if reading.units == "m" else 0
    return build(
        "ClinicalCode",
        [
            _code(reading.term),
            build("Value", f"{value:.{digits}f}"),
            build("Units", reading.units),
        ],
    )


def _problem(story: Story, uid: str) -> Element:
    return build(
        "ClinicalCode",
        [
            _code(story.chance.choice(DIAGNOSES)),
            build("Episodicity", "New"),
            build("ProblemSeverity", "Major"),
            build("ProblemUID", uid),
        ],
    )


def _referral(story: Story, uid: str, days_ago: int) -> Element:
    return build(
        "Referral",
        [
            build("ReferralUID", uid),
            build("Direction", "Incoming"),
            build("DateReferred", written(story.now - timedelta(days=days_ago))),
            build("Source", "Liaison Psychiatry"),
            build("Reason", "Assessment and treatment as an inpatient"),
        ],
    )


def _sensitivity() -> Element:
    ingredient = build("Ingredient", Scheme="Multilex", IngredientID="44", Name="Penicillin")
    ingredient.set("Details", "PENICILLINS")
    return build("DrugSensitivity", [build("Type", "Ingredient"), ingredient])


def _medication(story: Story, days_ago: int) -> Element:
    drug = story.chance.choice(DRUGS)
    start = story.now - timedelta(days=days_ago)
    return build(
        "Medication",
        [
            build("MedicationType", "NHS medication"),
            build("Drug", Scheme="Multilex", ProductID=drug.multilex, Name=drug.name),
            build("Dose", "take one at night"),
            build("Quantity", "28 tablets"),
            build("StartDate", start.date().isoformat()),
            build("EndDate", (start + timedelta(days=28)).date().isoformat()),
        ],
    )


def _reminder(story: Story) -> Element:
    expires = (story.now + timedelta(days=story.chance.randint(5, 40))).date()
    return build(
        "Reminder",
        [
            build("FreeText", "Do not see alone"),
            build("Severity", "High"),
            build("ExpiryDate", expires.isoformat()),
        ],
    )


def _relationship(story: Story) -> Element:
    return build(
        "Relationship",
        [
            build("Title", "Mx"),
            build("FirstName", "Robin"),
            build("Surname", f"Łęcki-{story.place}"),
            build("Type", "Named Nurse"),
            build("Telephone", f"01632960{500 + story.place}"),
        ],
    )


def _letter(story: Story, documents: Element) -> Element:
    uid = _document(story, documents, ".txt", "Dear colleague, thank you for your referral.\n")
    return build(
        "Letter",
        [
            build("RecipientOrganisation", "The Mill Surgery"),
            build("SenderName", [build("Title", "Dr"), build("Surname", "Okonjo")]),
            build("Type", "Clinic Letter"),
            build("Direction", "Outgoing"),
            build("DateSentReceived", written(story.now - timedelta(days=4))),
            build("DocumentUID", uid),
        ],
    )


def _attachment(story: Story, documents: Element) -> Element:
    text = "Admission checklist: complete.\n"
    return build(
        "Attachment",
        [
            build("FileName", "admission-checklist.txt"),
            build("FileSize", f"{len(text)} bytes"),
            build("DocumentUID", _document(story, documents, ".txt", text)),
            build("Comments", "Scanned on the ward"),
        ],
    )


def _document(story: Story, documents: Element, suffix: str, text: str) -> str:
    uid = story.new_uid()
    content = b64encode(text.encode()).decode()
    documents.append(build("Document", content, UID=uid, Suffix=suffix))
    return uid


def _care_plan(story: Story) -> Element:
    step = [build("InstructionText", "Offer time to talk daily"), build("Order", "1")]
    return build(
        "CarePlan",
        [
            build("CarePlanName", "Safety and wellbeing"),
            build("Description", "To feel safe on the ward"),
            build("ReviewDate", (story.now + timedelta(days=7)).date().isoformat()),
            build("CarePlanInstruction", step),
        ],
    )
