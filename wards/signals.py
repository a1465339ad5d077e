"""What happens to patients and matters above: sent inside the transaction, carrying ids."""

from django.dispatch import Signal

discharge_confirmed = Signal()  # stay_id; by and at of the confirmation; the stay is open yet
stay_ended = Signal()  # stay_id; by and at: the discharge and all that it calls off is noted
stay_reopened = Signal()  # stay_id; by and at: the discharge was a mistake
legal_status_set = Signal()  # stay_id, at: it or its date is new, or the stay is open anew
patient_absent = Signal()  # stay_id; by and at: from now on absent without leave
patient_returned = Signal()  # stay_id; by and at: not absent any more, or was not
patient_transferred = Signal()  # stay_id, from_ward_id, to_ward_id; by, at; choices, by field
