"""What a category of patient tasks means on a ward: the ward's own rule, or else the default."""

from collections.abc import Mapping

from tasks.models import Category, CategoryRule
from wards.models import Ward

# fmt: off
DEFAULTS: Mapping[Category, tuple[bool, bool, bool]] = {
    #                             offered  carries over  pauses in absence: without the patient
    Category.REFERRAL:           (True,    True,         False),
    Category.ASSESSMENT:         (True,    True,         True),   # nobody can do it
    Category.PHONE_CALL:         (True,    True,         False),
    Category.DOCUMENTATION:      (True,    True,         False),
    Category.FAMILY_CONTACT:     (True,    True,         False),  # it matters all the more
    Category.DISCHARGE_PLANNING: (True,    True,         False),
    Category.MEDICAL_REVIEW:     (True,    True,         True),   # nobody can do it
    Category.OTHER:              (True,    True,         False),
}
# fmt: on

SETTINGS = ("is_offered", "carries_over", "pauses_in_absence")

PAUSING_BY_DEFAULT = [category for category, (_, _, pauses) in DEFAULTS.items() if pauses]


def rules_of(ward: Ward) -> Mapping[Category, CategoryRule]:
    """Return the rule for each category on `ward`, in the order of the categories."""
    own = {rule.category: rule for rule in CategoryRule.objects.filter(ward=ward)}
    return {category: own.get(category) or _default(ward, category) for category in Category}


def _default(ward: Ward, category: Category) -> CategoryRule:
    facts = dict(zip(SETTINGS, DEFAULTS[category], strict=True))
    return CategoryRule(ward=ward, category=category, **facts)
