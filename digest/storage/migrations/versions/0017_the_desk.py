"""the desk: accounts, roles, sessions, one-time links, failed logins, the audit log, counts of lists

Revision: 0017; follows: 0016
"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString
TIME = sqlmodel.sql.sqltypes.UTCDateTime
ROLES = ("owner", "admin", "editor", "publisher", "list_manager", "viewer")
APPEND_ONLY = "the audit log is only ever added to"


def _role(*, nullable: bool) -> sa.Column[str]:
    kind = sa.Enum(*ROLES, name="role", native_enum=False, create_constraint=True, length=24)
    return sa.Column("role", kind, nullable=nullable)


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.Integer(), nullable=False, primary_key=True)


def _of_account(*, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(
        "account_id", sa.Integer(), sa.ForeignKey("account.id", ondelete="CASCADE"), nullable=nullable
    )


def _of_list(*, nullable: bool = True, primary_key: bool = False) -> sa.Column[int]:
    return sa.Column(
        "list_id",
        sa.Integer(),
        sa.ForeignKey("mailing_list.id", ondelete="CASCADE"),
        nullable=nullable,
        primary_key=primary_key,
    )


def _text(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, TEXT(), nullable=False) for name in names]


def _time(*names: str, nullable: bool = False) -> list[sa.Column[object]]:
    return [sa.Column(name, TIME(), nullable=nullable) for name in names]


def _number(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.Integer(), nullable=False) for name in names]


def upgrade() -> None:
    """Go to this revision."""
    _people()
    _logins()
    op.create_table(
        "audit_entry",
        _id(),
        *_time("at"),
        *_text("actor", "act", "list_slug", "about"),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        *_text("came_from"),
    )
    for column in ("at", "actor", "act", "list_slug"):
        op.create_index(f"ix_audit_entry_{column}", "audit_entry", [column])
    _append_only()
    op.create_table(
        "list_count",
        _of_list(nullable=False, primary_key=True),
        *_number("confirmed", "pending", "joined", "gone"),
        *_time("counted_at"),
    )
    # What a person has to look at is a handful of a thousand editions, each with its content beside it.
    op.create_index("ix_edition_state", "edition", ["state"])


def _people() -> None:
    op.create_table(
        "account",
        _id(),
        sa.Column("email", TEXT(), nullable=False, unique=True),
        *_text("name", "password_hash", "language", "digits", "totp_secret", "totp_pending"),
        *_number("totp_step"),
        *_time("disabled_at", nullable=True),
        *_time("created_at"),
        *_time("last_login_at", nullable=True),
    )
    op.create_table(
        "account_role",
        _id(),
        _of_account(),
        _of_list(),
        _role(nullable=False),
        sa.UniqueConstraint("account_id", "list_id", "role"),
    )
    op.create_index("ix_account_role_list_id", "account_role", ["list_id"])
    op.create_index(
        "one_role_for_all_lists",
        "account_role",
        ["account_id", "role"],
        unique=True,
        sqlite_where=sa.text("list_id IS NULL"),
        postgresql_where=sa.text("list_id IS NULL"),
    )
    op.create_table("recovery_code", _id(), _of_account(), *_text("code_hash"))
    op.create_index("ix_recovery_code_account_id", "recovery_code", ["account_id"])


def _logins() -> None:
    op.create_table(
        "login_session",
        _id(),
        sa.Column("token_hash", TEXT(), nullable=False, unique=True),
        _of_account(),
        sa.Column("is_whole", sa.Boolean(), nullable=False),
        *_time("created_at", "seen_at", "ends_at"),
        *_text("came_from", "browser"),
    )
    op.create_index("ix_login_session_account_id", "login_session", ["account_id"])
    purpose = sa.Enum(
        "invite", "reset", name="linkpurpose", native_enum=False, create_constraint=True, length=24
    )
    op.create_table(
        "account_link",
        _id(),
        *_text("token_hash"),
        sa.Column("purpose", purpose, nullable=False),
        *_text("email"),
        _of_account(nullable=True),
        _role(nullable=True),
        _of_list(),
        *_text("language"),
        *_time("created_at", "ends_at"),
        *_time("used_at", nullable=True),
        *_number("attempts"),
        *_time("next_try_at", nullable=True),
    )
    for column in ("token_hash", "account_id", "next_try_at"):
        op.create_index(f"ix_account_link_{column}", "account_link", [column])
    op.create_table("login_failure", _id(), *_text("about", "network"), *_time("at"))
    op.create_index("ix_login_failure_account", "login_failure", ["about", "at"])
    op.create_index("ix_login_failure_network", "login_failure", ["network", "at"])


def _append_only() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER audit_entry_no_{act.lower()} BEFORE {act} ON audit_entry "
                f"BEGIN SELECT RAISE(ABORT, '{APPEND_ONLY}'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION audit_entry_is_kept() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{APPEND_ONLY}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_entry_is_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_is_kept()"
    )


def downgrade() -> None:
    """Go back: accounts and the log of this version are dropped."""
    op.drop_index("ix_edition_state", "edition")
    for table in (
        "list_count", "audit_entry", "login_failure", "account_link", "login_session", "recovery_code",
        "account_role", "account",
    ):  # fmt: skip
        op.drop_table(table)
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION audit_entry_is_kept()")
