"""How a call to SystmOne can end badly, told apart by what the caller may do next.

Every error says in `may_have_happened` whether SystmOne may have carried the request out. No
error's own text holds clinical data: what SystmOne said stands in `words`, for people, not logs.
"""

from typing import Any, ClassVar


class SystmOneError(Exception):
    """A call that did not end with SystmOne's answer; `sent_document` is what it tried to send."""

    may_have_happened: ClassVar[bool] = False
    sent_document: bytes = b""

    def __reduce__(self) -> tuple[Any, ...]:
        """So that an outcome can pass from one process to another."""
        return _restored, (type(self), self.args, self.__dict__)


class InvalidRequest(SystmOneError):
    """The request breaks a rule of the specification; nothing was sent.

    `field` is the element's path inside FunctionParameters, `section` the specification's heading;
    `fault` is what a schema says of it, which may quote clinical data.
    """

    def __init__(self, field: str, section: str, sentence: str, fault: str = "") -> None:
        self.field = field
        self.section = section
        self.sentence = sentence
        self.fault = fault
        super().__init__(f"{field}: {sentence} (specification: {section})")


class NotConnected(SystmOneError):
    """No connection could be made; nothing was sent. Trying again later is safe."""


class NotSent(SystmOneError):
    """Not a byte of the request left, or its turn did not come in time. Trying again is safe."""


class OutcomeUnknown(SystmOneError):
    """The request was sent, and no whole answer to it came.

    A read may be repeated. After a write, look into the record before anything is sent again.
    """

    may_have_happened = True


class NotTheProtocol(OutcomeUnknown):
    """What answered does not speak the Client Integration API; `received` is its beginning."""

    def __init__(self, reason: str, received: bytes = b"") -> None:
        self.received = received[:2000]
        super().__init__(f"The answer is not SystmOne's Client Integration API: {reason}.")


class Refused(SystmOneError):
    """SystmOne answered with an error document (specification: Error Responses).

    `words` is its ErrorMessage, which may name a patient; `document` the whole answer.
    """

    permanent: ClassVar[bool]
    sentence: ClassVar[str]

    def __init__(self, function: str, words: str, document: bytes = b"") -> None:
        self.function = function
        self.words = words
        self.document = document
        super().__init__(self.sentence.format(function=function))


class RefusedTemporarily(Refused):
    """Not done now; the same request may be sent again later."""

    permanent = False
    sentence = "SystmOne cannot do {function} now; it can be tried again later."


class RefusedPermanently(Refused):
    """Not done, and the same request will be refused again."""

    permanent = True
    sentence = "SystmOne refuses {function}."


class Blocked(RefusedPermanently):
    """A SystmOne user blocked this device; only a SystmOne user can lift that."""

    sentence = (
        "SystmOne has blocked this device. In SystmOne, open Setup > Mobile Working & Integration "
        "> Device Manager, remove the block, and approve the device when {function} asks again."
    )


def _restored(
    kind: type[SystmOneError], arguments: tuple[Any, ...], facts: dict[str, Any]
) -> SystmOneError:
    error = kind.__new__(kind, *arguments)
    error.args = arguments
    error.__dict__.update(facts)
    return error
