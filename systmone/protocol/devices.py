"""Where a device id is kept (specification: Device ID Allocation).

SystmOne gives each installation an id when a SystmOne user approves it. Losing it means asking the
user again, so the client hands a new id to the caller's store before it does anything else.
"""

import os
from pathlib import Path
from typing import Protocol


class DeviceStore(Protocol):
    """Keeps one device id for one SystmOne unit."""

    def load(self) -> str:
        """The device id, or "" where none was given yet."""
        ...

    def save(self, device_id: str) -> None:
        """Keep `device_id`; when this returns, it must not be lost any more."""
        ...


class MemoryDeviceStore:
    """Keeps the device id as long as the process lives."""

    def __init__(self, device_id: str = "") -> None:
        self._device_id = device_id

    def load(self) -> str:
        """The device id, or ""."""
        return self._device_id

    def save(self, device_id: str) -> None:
        """Keep `device_id`."""
        self._device_id = device_id


class FileDeviceStore:
    """Keeps the device id in a file, which it replaces as a whole."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self) -> str:
        """The device id, or "" where the file is not there."""
        try:
            return self._path.read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            return ""

    def save(self, device_id: str) -> None:
        """Keep `device_id`. Raises OSError where the file cannot be written."""
        fresh = self._path.with_name(f"{self._path.name}.new")
        with fresh.open("w", encoding="utf-8") as file:
            file.write(f"{device_id}\n")
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._path)
