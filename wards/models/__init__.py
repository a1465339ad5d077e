from wards.models.discharge import ChecklistItem, Discharge, DischargeCheck
from wards.models.membership import Membership, Role
from wards.models.note import CaseNote, NoteTemplate
from wards.models.patient import Alert, Patient, Sex
from wards.models.place import Bed, Room
from wards.models.sent_form import SentForm
from wards.models.stay import LegalStatus, Stay, StayEvent, StayStatus
from wards.models.user import User
from wards.models.ward import FieldRule, Ward

__all__ = [
    "Alert",
    "Bed",
    "CaseNote",
    "ChecklistItem",
    "Discharge",
    "DischargeCheck",
    "FieldRule",
    "LegalStatus",
    "Membership",
    "NoteTemplate",
    "Patient",
    "Role",
    "Room",
    "SentForm",
    "Sex",
    "Stay",
    "StayEvent",
    "StayStatus",
    "User",
    "Ward",
]
