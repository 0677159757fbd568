"""editions are approved and edited by people; mail asks them to

Revision: 0019; follows: 0018
"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString
TIME = sqlmodel.sql.sqltypes.UTCDateTime
# PostgreSQL keeps an instant with its zone, as all columns of this kind do.
INSTANT = {"sqlite": "DATETIME", "postgresql": "TIMESTAMP WITH TIME ZONE"}
ADDED = {
    "mailing_list": (
        "approval VARCHAR(24) NOT NULL DEFAULT 'none'"
        " CONSTRAINT approval CHECK (approval IN ('none', 'optional', 'required'))",
        "compose_minutes_before INTEGER NOT NULL DEFAULT 30",
        "without_approval VARCHAR(24) NOT NULL DEFAULT 'hold'"
        " CONSTRAINT withoutapproval CHECK (without_approval IN ('send', 'hold'))",
        "cooling_off_minutes INTEGER NOT NULL DEFAULT 5",
    ),
    "edition": (
        "due_at {instant}",
        "starts_at {instant}",
        "approved_by VARCHAR NOT NULL DEFAULT ''",
        "approved_at {instant}",
        "stopped_by VARCHAR NOT NULL DEFAULT ''",
        "version INTEGER NOT NULL DEFAULT 0",
        "composed JSON",
        "held_about JSON NOT NULL DEFAULT '{{}}'",
    ),
}


def upgrade() -> None:
    """Go to this revision."""
    # As in 0010: in plain SQL and without a batch, so that no table is made anew on SQLite.
    instant = INSTANT[op.get_bind().dialect.name]
    for table, columns in ADDED.items():
        for column in columns:
            op.execute(f"ALTER TABLE {table} ADD COLUMN {column.format(instant=instant)}")
    op.create_table(
        "edition_edit",
        sa.Column("id", sa.Integer(), nullable=False, primary_key=True),
        _of("edition"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("edit", sa.JSON(), nullable=False),
        sa.Column("made_by", TEXT(), nullable=False),
        sa.Column("made_at", TIME(), nullable=False),
        sa.UniqueConstraint("edition_id", "version"),
    )
    op.create_table(
        "approval_mail",
        sa.Column("id", sa.Integer(), nullable=False, primary_key=True),
        _of("edition"),
        _of("account"),
        sa.Column("kind", TEXT(), nullable=False),
        sa.Column("created_at", TIME(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try_at", TIME(), nullable=True),
        sa.UniqueConstraint("edition_id", "account_id", "kind"),
    )
    op.create_index("ix_approval_mail_next_try_at", "approval_mail", ["next_try_at"])
    op.create_index("ix_approval_mail_account_id", "approval_mail", ["account_id"])


def _of(table: str) -> sa.Column[int]:
    key = sa.ForeignKey(f"{table}.id", ondelete="CASCADE")
    return sa.Column(f"{table}_id", sa.Integer(), key, nullable=False)


def downgrade() -> None:
    """Go back: what people edited stays as they left it, what was composed is dropped."""
    op.drop_table("approval_mail")
    op.drop_table("edition_edit")
    for table, columns in ADDED.items():
        for column in reversed(columns):
            op.drop_column(table, column.partition(" ")[0])
