"""A small local page: SystmOne's message audit, and what its user could click."""

from systmone.simulator.page.server import AuditPage

__all__ = ["AuditPage"]
