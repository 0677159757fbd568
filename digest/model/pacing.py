"""How fast mail may go where: the allowances that all senders share."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel


class Allowance(SQLModel, table=True):
    """A token bucket: `tokens` were there at `at`; they come back at the rate that the settings give times
    `factor`.

    `scope` is `list:SLUG`, `group:NAME` (a family of recipient domains) or `server:NAME` (one of ours).
    `factor` halves when the receiver says that it is too much, and recovers slowly. `first_at` is when mail
    first went there: a warm-up counts from it.
    """

    __tablename__ = "allowance"
    __table_args__ = (
        CheckConstraint("tokens >= 0", name="tokens_are_not_owed"),
        CheckConstraint("factor > 0 AND factor <= 1", name="factor_is_a_share"),
    )

    scope: str = Field(primary_key=True)
    tokens: float
    at: datetime
    factor: float = 1.0
    slowed_at: datetime | None = None
    first_at: datetime


class ProviderDomain(SQLModel, table=True):
    """Whose servers take the mail of a recipient domain, as the DNS last said; looked up again at
    `due_at`.
    """

    __tablename__ = "receiver"

    domain: str = Field(primary_key=True)
    family: str = Field(default="", description="gmail, outlook, yahoo, icloud; empty: its own, or not known")
    due_at: datetime = Field(index=True)
