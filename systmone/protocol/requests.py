"""What every function's request has in common."""

from copy import deepcopy
from datetime import datetime
from typing import ClassVar, Generic, TypeVar

from systmone.protocol.documents import Element
from systmone.protocol.errors import InvalidRequest
from systmone.protocol.throttle import Limits, Need
from systmone.protocol.values import Value

ResponseT_co = TypeVar("ResponseT_co", bound=Value, covariant=True)


class Request(Value, Generic[ResponseT_co]):
    """The parameters of one function, whose answer is a ResponseT_co.

    repeatable: whether sending it twice does no more than sending it once.
    """

    function: ClassVar[str]
    version: ClassVar[str] = "1.0"
    summary: ClassVar[str]
    response: ClassVar[type[Value]]
    repeatable: ClassVar[bool] = True

    def check(self) -> None:
        """Raise InvalidRequest if a rule of the specification is broken."""

    def is_answered_by(self, response: Value) -> bool:
        """Whether `response` says what an answer to this request must say."""
        return True

    def need(self, now: datetime, limits: Limits) -> Need:
        """What the throttle has to know of this request at `now`."""
        return Need(must_arrive=not self.repeatable)

    def parameters(self) -> Element:
        """FunctionParameters; of a request that was read from XML as they were, nothing lost.

        Raises InvalidRequest for what XML or SystmOne cannot hold.
        """
        source = deepcopy(self.source)
        return self.to_xml("FunctionParameters") if source is None else source


def check_text(field: str, section: str, text: str | None) -> None:
    """Raise InvalidRequest unless `text` says something."""
    if not (text or "").strip():
        raise InvalidRequest(field, section, "must not be empty")


def check_order(section: str, earliest: datetime | None, latest: datetime | None) -> None:
    """Raise InvalidRequest unless both moments have a zone and stand in their order."""
    for name, moment in {"MinDateTime": earliest, "MaxDateTime": latest}.items():
        if moment and moment.utcoffset() is None:
            raise InvalidRequest(name, "Dates/Dates and Times", "needs a time zone")
    if earliest and latest and earliest > latest:
        raise InvalidRequest("MaxDateTime", section, "is before MinDateTime")
