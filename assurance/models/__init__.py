from assurance.models.alert import AlertKind, AlertPause, SyncAlert, Way
from assurance.models.client import ApiClient
from assurance.models.event import Outcome, SyncEvent
from assurance.models.limit import ReadingLimit
from assurance.models.sent_key import SentKey
from assurance.models.teams import TeamsChannel

__all__ = [
    "AlertKind",
    "AlertPause",
    "ApiClient",
    "Outcome",
    "ReadingLimit",
    "SentKey",
    "SyncAlert",
    "SyncEvent",
    "TeamsChannel",
    "Way",
]
