"""What a patient's record is made of, as it is read and as it is written."""
