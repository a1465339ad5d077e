"""How SystmOne says no (section Error Responses)."""

from typing import ClassVar


class Refused(Exception):
    """The request is answered with an ErrorMessage."""

    permanent: ClassVar[bool]


class RefusedPermanently(Refused):
    """The same request will be refused again."""

    permanent = True


class RefusedTemporarily(Refused):
    """The same request may be accepted later."""

    permanent = False
