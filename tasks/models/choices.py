"""The words that tasks and templates share. Source: domain.md."""

from django.db import models


class Kind(models.TextChoices):
    WARD = "ward", "Ward task"
    PATIENT = "patient", "Patient task"
    APPOINTMENT = "appointment", "Appointment"


class Shift(models.TextChoices):
    EARLY = "early", "Early"
    LATE = "late", "Late"
    NIGHT = "night", "Night"


class Priority(models.IntegerChoices):
    ROUTINE = 1, "Routine"
    IMPORTANT = 2, "Important"
    URGENT = 3, "Urgent"


class Status(models.TextChoices):
    PENDING = "pending", "To do"
    IN_PROGRESS = "in_progress", "In progress"
    COMPLETED = "completed", "Done"
    CANCELLED = "cancelled", "Cancelled"


class DayPart(models.TextChoices):
    MORNING = "am", "AM"
    AFTERNOON = "pm", "PM"


class Category(models.TextChoices):
    REFERRAL = "referral", "Referral"
    ASSESSMENT = "assessment", "Assessment"
    PHONE_CALL = "phone_call", "Phone call"
    DOCUMENTATION = "documentation", "Documentation"
    FAMILY_CONTACT = "family_contact", "Family contact"
    DISCHARGE_PLANNING = "discharge_planning", "Discharge planning"
    MEDICAL_REVIEW = "medical_review", "Medical review"
    OTHER = "other", "Other"


class AuditType(models.TextChoices):
    FRIDGE_TEMPS = "fridge_temps", "Fridge temperature"
    WATER_TEMPS = "water_temps", "Water temperature"
    WALKAROUND = "walkaround", "Shift walkaround"
    CONTROLLED_DRUGS = "controlled_drugs", "Controlled drugs count"
    RESUS_CHECK = "resus_check", "Resuscitation equipment"
    FIRE_SAFETY = "fire_safety", "Fire safety"
    LIGATURE_CHECK = "ligature_check", "Ligature points"
