"""SystmOne's UIDs: 16 lower-case hexadecimal digits."""


def uid_of(count: int) -> str:
    """Return the UID that belongs to a running number."""
    # An odd factor visits every 32-bit number once, so the UIDs look unordered and are unique.
    return f"{count * 2_654_435_761 % 2**32:08x}00000000"
