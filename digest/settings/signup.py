"""Settings of sign-up: what is taken, and what is kept back."""

from ipaddress import ip_network
from typing import Literal

from pydantic import Field, field_validator

from digest.settings.group import Group


class SignupSettings(Group):
    """What sign-ups are taken, counted in the database for all processes together (docs/howto/sign-up.md)."""

    network_an_hour: int = Field(
        default=100, ge=1, description="sign-ups taken an hour from one network (IPv4: /24, IPv6: /48)"
    )
    domain_an_hour: int = Field(
        default=100,
        ge=1,
        description="sign-ups taken an hour for addresses at one domain; ten times as many at the large mailbox providers",
    )
    list_an_hour: int = Field(default=2000, ge=1, description="sign-ups taken an hour for one list")
    least_seconds: float = Field(
        default=2, ge=0, description="a form that comes back sooner than this is asked for once more"
    )
    attack: Literal["auto", "on", "off"] = Field(
        default="auto",
        description="limits are tightened: when many ask and few confirm, always, or never",
    )
    exempt_networks: tuple[str, ...] = Field(
        default=(),
        description="networks behind which many people share one address, as 198.51.100.0/24: not counted by network",
    )

    @field_validator("exempt_networks")
    @classmethod
    def _are_networks(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        for one in given:
            ip_network(one, strict=False)
        return given
