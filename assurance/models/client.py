"""The machines that may post audits."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from wards.encryption import EncryptedTextField
from wards.models import User, Ward

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address


def check_networks(value: str) -> None:
    """Raise ValidationError unless each line of `value` is a network such as `10.1.0.0/16`."""
    for line in value.split():
        try:
            ip_network(line)
        except ValueError as problem:
            raise ValidationError(f"“{line}” is not a network: {problem}.") from None


class ApiClientQuerySet(models.QuerySet["ApiClient"]):
    def current(self) -> "ApiClientQuerySet":
        """Clients whose key has not been revoked."""
        return self.filter(revoked_at__isnull=True)


class ApiClient(models.Model):
    """A machine, such as a Power Automate flow, that posts audits with a key.

    The key itself is shown once and never stored: see `assurance.api_clients`.
    """

    name = models.CharField(max_length=100, unique=True)
    prefix = models.CharField("key starts with", max_length=8, unique=True, editable=False)
    key_hash = models.CharField(max_length=64, editable=False)
    all_wards = models.BooleanField(default=False)
    wards = models.ManyToManyField(Ward, blank=True, related_name="api_clients")
    allowed_networks = models.TextField(
        max_length=2000,
        blank=True,
        validators=[check_networks],
        help_text="where it may post from, one network such as 10.1.0.0/16 a line; empty: anywhere",
    )
    application_id = models.UUIDField(
        "application (client) id",
        null=True,
        blank=True,
        unique=True,
        help_text="of the application in the trust's Entra ID whose tokens stand for this client; "
        "empty: it has its key alone",
    )
    # Empty: it need not sign.
    signing_secret = EncryptedTextField(blank=True, editable=False)
    acts_for = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="api_clients",
        help_text="the person in whose name, and on whose wards among these, it may read and write "
        "about patients in SystmOne; empty: it has nothing to do with patients",
    )
    accepts_unknown_people = models.BooleanField(
        default=False,
        help_text="an audit completed by somebody whom the Hub does not know at all, such as an "
        "agency nurse, completes its task, marked “not known to the Hub”; otherwise it is refused",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField("last used", null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField("revoked", null=True, blank=True, editable=False)

    objects = ApiClientQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = "API client"
        constraints = [
            models.CheckConstraint(
                condition=~Q(prefix="") & ~Q(key_hash=""), name="api_client_has_key"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def reaches(self, ward: Ward) -> bool:
        """Say whether this client may post audits of `ward`."""
        return self.all_wards or self.wards.filter(pk=ward.pk).exists()

    def allows(self, address: str | None) -> bool:
        """Say whether this client may post from `address`; an unknown one only if any may."""
        networks = [ip_network(line) for line in self.allowed_networks.split()]
        if not networks:
            return True
        return address is not None and any(_plain(address) in network for network in networks)


def _plain(address: str) -> Address:
    """Return the IPv4 address that an IPv6 socket shows as `::ffff:10.1.2.3`."""
    parsed = ip_address(address)
    return getattr(parsed, "ipv4_mapped", None) or parsed
