from wards.models.membership import Membership, Role
from wards.models.patient import Patient
from wards.models.user import User
from wards.models.ward import Ward

__all__ = ["Membership", "Patient", "Role", "User", "Ward"]
