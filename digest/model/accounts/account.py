"""The tables of accounts: people of the newsroom, their roles, sessions, links and failed logins."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from digest.model.accounts.roles import Role
from digest.model.columns import by_value


class LinkPurpose(StrEnum):
    """What a one-time link is for."""

    INVITE = "invite"
    RESET = "reset"


class Account(SQLModel, table=True):
    """Somebody who may log in at the desk."""

    __tablename__ = "account"

    id: int | None = Field(default=None, primary_key=True)
    email: str = Field(unique=True, description="normalised; what one logs in with")
    name: str = ""
    password_hash: str = Field(description="argon2id, in its own encoded form")
    language: str = Field(default="ar", description="language of the desk's pages for this person: ar or en")
    digits: str = Field(default="arab", description="arab (٣) or latn (3)")
    calendar: str = Field(default="gregorian", description="gregorian, hijri or both")
    totp_secret: str = Field(default="", description="base32; empty: no second factor")
    totp_pending: str = Field(default="", description="base32, until a first code has shown that it works")
    totp_step: int = Field(default=0, description="newest 30-second step that a code was taken of")
    disabled_at: datetime | None = None
    created_at: datetime
    last_login_at: datetime | None = None


class AccountRole(SQLModel, table=True):
    """A role that an account has; `list_id` None: for all lists."""

    __tablename__ = "account_role"
    __table_args__ = (
        UniqueConstraint("account_id", "list_id", "role"),
        Index(
            "one_role_for_all_lists",
            "account_id",
            "role",
            unique=True,
            sqlite_where=text("list_id IS NULL"),
            postgresql_where=text("list_id IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", ondelete="CASCADE")
    list_id: int | None = Field(default=None, foreign_key="mailing_list.id", ondelete="CASCADE", index=True)
    role: Role = Field(sa_type=by_value(Role))  # type: ignore[call-overload, unused-ignore]


class RecoveryCode(SQLModel, table=True):
    """A code that stands in for the second factor once."""

    __tablename__ = "recovery_code"

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", ondelete="CASCADE", index=True)
    code_hash: str


class LoginSession(SQLModel, table=True):
    """A browser that somebody logged in with. The cookie's value is kept as a keyed hash only."""

    __tablename__ = "login_session"

    id: int | None = Field(default=None, primary_key=True)
    token_hash: str = Field(unique=True)
    account_id: int = Field(foreign_key="account.id", ondelete="CASCADE", index=True)
    is_whole: bool = Field(description="False: the password was right, the second factor is still asked for")
    created_at: datetime
    seen_at: datetime
    ends_at: datetime
    came_from: str = Field(description="address of the network")
    browser: str = Field(default="", description="what the browser says of itself, shortened")


class AccountLink(SQLModel, table=True):
    """A link that makes an account or sets a new password, once, until it expires."""

    __tablename__ = "account_link"

    id: int | None = Field(default=None, primary_key=True)
    token_hash: str = Field(default="", index=True, description="empty: made when the mail is sent")
    purpose: LinkPurpose = Field(sa_type=by_value(LinkPurpose))  # type: ignore[call-overload, unused-ignore]
    email: str = Field(default="", description="whom it is for; empty: who opens it says so")
    account_id: int | None = Field(default=None, foreign_key="account.id", ondelete="CASCADE", index=True)
    role: Role | None = Field(default=None, sa_type=by_value(Role))  # type: ignore[call-overload, unused-ignore]
    list_id: int | None = Field(default=None, foreign_key="mailing_list.id", ondelete="CASCADE")
    language: str = "ar"
    created_at: datetime
    ends_at: datetime
    used_at: datetime | None = None
    attempts: int = Field(default=0, description="tries to mail it that failed")
    next_try_at: datetime | None = Field(default=None, index=True, description="None: not to be mailed")


class LoginFailure(SQLModel, table=True):
    """A login that was tried and did not succeed, or has not yet."""

    __tablename__ = "login_failure"
    __table_args__ = (
        Index("ix_login_failure_account", "about", "at"),
        Index("ix_login_failure_network", "network", "at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    about: str = Field(description="keyed hash of the address that was typed")
    network: str
    at: datetime
