"""A stand-in for the SystmOne client, to develop against and to show."""

from systmone.simulator.faults import BadFault, Fault, Kind, read_script
from systmone.simulator.journal import Entry, Outcome
from systmone.simulator.simulator import Simulator
from systmone.simulator.throttle import UNLIMITED, Limits

__all__ = [
    "UNLIMITED",
    "BadFault",
    "Entry",
    "Fault",
    "Kind",
    "Limits",
    "Outcome",
    "Simulator",
    "read_script",
]
