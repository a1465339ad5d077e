"""What upper rooms add to the top of a ward's diary, without this room knowing them."""

from wards.models import Ward
from wards.panels import Panels

above_diaries: Panels[Ward] = Panels()
