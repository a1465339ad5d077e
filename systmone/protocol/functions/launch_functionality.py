"""LaunchFunctionality: open a SystmOne dialog for the user, with something pre-selected."""

from typing import ClassVar

from systmone.protocol.errors import InvalidRequest
from systmone.protocol.identity import Identity
from systmone.protocol.record.codes import Code
from systmone.protocol.record.events import Attachment, ClinicalCode
from systmone.protocol.record.medication import Medication
from systmone.protocol.requests import Request
from systmone.protocol.values import Value

SECTION = "LaunchFunctionality"


class LaunchedFunctionality(Value):
    """The answer: the dialog is shown, not that the user has completed it."""

    identity: Identity | None = None


class LaunchFunctionality(Request[LaunchedFunctionality]):
    """Show the user a dialog to prescribe, to code (CTV3) or to attach; with none, the record."""

    function: ClassVar = "LaunchFunctionality"
    summary: ClassVar = "open a record, or a dialog in it, for the user"
    response: ClassVar = LaunchedFunctionality
    repeatable: ClassVar = False

    identity: Identity | None = None
    medication: Medication | None = None
    clinical_code: ClinicalCode | None = None
    attachment: Attachment | None = None

    def check(self) -> None:
        """Raise InvalidRequest without a patient, or with more than one thing to launch."""
        if self.identity is None:
            raise InvalidRequest("Identity", SECTION, "is needed")
        self.identity.check()
        launched = (self.medication, self.clinical_code, self.attachment)
        if sum(each is not None for each in launched) > 1:
            raise InvalidRequest("FunctionParameters", SECTION, "can launch one thing at a time")
        if self.clinical_code and (self.clinical_code.code or Code()).scheme != "CTV3":
            raise InvalidRequest("ClinicalCode/Code@Scheme", SECTION, "must be CTV3")
