from assurance.models.client import ApiClient
from assurance.models.event import Outcome, SyncEvent

__all__ = ["ApiClient", "Outcome", "SyncEvent"]
