"""What a ward has decided about a category of patient tasks."""

from django.db import models

from tasks.models.choices import Category
from wards.models import Ward


class CategoryRule(models.Model):
    """A ward's own rule for a category; without a row the defaults of `tasks.categories` hold."""

    ward = models.ForeignKey(Ward, on_delete=models.CASCADE, related_name="category_rules")
    category = models.CharField(max_length=20, choices=Category)
    is_offered = models.BooleanField("offered in the form")
    carries_over = models.BooleanField("a new task carries over")
    pauses_in_absence = models.BooleanField("pauses while the patient is absent without leave")

    class Meta:
        ordering = ["ward__name", "category"]
        constraints = [
            models.UniqueConstraint(fields=["ward", "category"], name="category_rule_once_per_ward")
        ]

    def __str__(self) -> str:
        return f"{self.get_category_display()} on {self.ward}"
