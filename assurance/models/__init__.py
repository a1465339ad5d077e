from assurance.models.client import ApiClient
from assurance.models.event import Outcome, SyncEvent
from assurance.models.sent_key import SentKey

__all__ = ["ApiClient", "Outcome", "SentKey", "SyncEvent"]
