"""What all parts of one update share."""

from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path

from systmone.simulator.documents import Element, build, tag_of, text_of, texts_of
from systmone.simulator.functions.call import Call
from systmone.simulator.refusals import RefusedPermanently
from systmone.simulator.signature import signed_name

LARGEST_FILE = 16 * 1024 * 1024
"""Bytes: what a document may have so that the unit stays small enough to be written whole."""


@dataclass(frozen=True)
class Additions:
    """One update of one patient's record; `entered` is the local time of the request."""

    call: Call
    patient: Element
    entered: str

    def part(self, tag: str) -> Element:
        """Return a container of the patient, such as Clinical."""
        found = self.patient.find(tag)
        if found is None:
            found = build(tag)
            self.patient.append(found)
        return found

    def mark(self, element: Element) -> None:
        """Note who added this and when; only the same application may delete it."""
        element.set("device", self.call.device)
        element.set("entered", self.entered)

    def user(self, name: str) -> Element:
        """Return the user of this name, the one who is logged on where no name is given."""
        user = self.call.unit.user(name) if name else self.call.unit.current_user
        if user is None:
            raise RefusedPermanently(f"The user {name} does not exist")
        return user

    def signed_name(self, name: str) -> str:
        """Return how SystmOne signs for this user."""
        return signed_name(self.user(name))

    def check_referral(self, uid: str) -> None:
        """Refuse a link to a referral that the record does not hold."""
        if uid not in texts_of(self.patient, "Clinical/Event/Referral/ReferralUID"):
            raise RefusedPermanently(f"The record has no referral {uid}")

    def check_problems(self, element: Element) -> None:
        """Refuse a link to a problem that the record does not hold."""
        known = texts_of(self.patient, "Clinical/Event/ClinicalCode/ProblemUID")
        for link in element.iter("LinkedProblemUID"):
            if (link.text or "").strip() not in known:
                raise RefusedPermanently(f"The record has no problem {link.text}")

    def keep_document(self, path_text: str) -> tuple[str, Path, int]:
        """Copy a file into the record; return its DocumentUID, path and size in bytes."""
        path = Path(path_text)
        try:
            if path.stat().st_size > LARGEST_FILE:
                raise RefusedPermanently(f"The file {path_text} is too large")
            content = path.read_bytes()
        except (OSError, ValueError):
            raise RefusedPermanently(f"The file {path_text} cannot be read") from None
        uid = self.call.unit.new_uid()
        document = build("Document", b64encode(content).decode(), UID=uid, Suffix=path.suffix)
        self.part("Documents").append(document)
        return uid, path, len(content)


def required(element: Element, tag: str) -> str:
    """Return the text of a child that must be there."""
    text = text_of(element, tag)
    if not text:
        raise RefusedPermanently(f"{tag_of(element)}: {tag} is missing")
    return text
