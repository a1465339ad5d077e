"""The admin of SystmOne, Max+ only; each module registers its pages."""

from systmone import attempt_admin, call_admin, gateway_admin, staff_admin  # noqa: F401
