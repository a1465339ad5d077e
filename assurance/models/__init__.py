from assurance.models.alert import AlertKind, AlertPause, SyncAlert, Way
from assurance.models.client import ApiClient
from assurance.models.event import Outcome, SyncEvent
from assurance.models.sent_key import SentKey

__all__ = ["AlertKind", "AlertPause", "ApiClient", "Outcome", "SentKey", "SyncAlert", "SyncEvent", "Way"]
