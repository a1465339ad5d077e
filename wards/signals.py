"""What happens to patients and matters above: sent inside the transaction, carrying ids."""

from django.dispatch import Signal

discharge_confirmed = Signal()  # stay_id; by and at of the confirmation
patient_transferred = Signal()  # stay_id, from_ward_id, to_ward_id
