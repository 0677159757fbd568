"""sign-ups are limited for all processes together, counted, and keep what was agreed to

Revision: 0013; follows: 0010
"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0013"
down_revision = "0010"
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString()
UTC_TIME = sqlmodel.sql.sqltypes.UTCDateTime()
ADDED = {
    "mailing_list": ("welcome BOOLEAN NOT NULL DEFAULT false", "form_sites JSON NOT NULL DEFAULT '[]'"),
    "signup": (
        "page VARCHAR NOT NULL DEFAULT ''",
        "text_key VARCHAR NOT NULL DEFAULT ''",
        "released BOOLEAN NOT NULL DEFAULT false",
    ),
    "consent_event": ("page VARCHAR NOT NULL DEFAULT ''", "text_key VARCHAR NOT NULL DEFAULT ''"),
}
COUNTS = ("asked", "by_page", "by_reply", "declined")


def upgrade() -> None:
    """Go to this revision."""
    # As in 0010: in plain SQL and without a batch, so that no table is made anew on SQLite.
    for table, columns in ADDED.items():
        for column in columns:
            op.execute(f"ALTER TABLE {table} ADD COLUMN {column}")
    op.create_table(
        "blocked_signup",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("list_id", sa.Integer(), nullable=False),
        *(sa.Column(name, TEXT, nullable=False) for name in ("email", "came_from")),
        sa.Column("at", UTC_TIME, nullable=False),
        *(sa.Column(name, TEXT, nullable=False) for name in ("page", "text_key", "reason")),
        sa.ForeignKeyConstraint(["list_id"], ["mailing_list.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_blocked_signup_at", "blocked_signup", ["at"])
    op.create_table(
        "signup_count",
        sa.Column("scope", TEXT, nullable=False),
        sa.Column("subject", TEXT, nullable=False),
        sa.Column("hour", UTC_TIME, nullable=False),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.CheckConstraint("counted >= 0", name="counted_is_a_count"),
        sa.PrimaryKeyConstraint("scope", "subject", "hour"),
    )
    op.create_index("ix_signup_count_hour", "signup_count", ["hour"])
    op.create_table(
        "signup_day",
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in COUNTS),
        sa.ForeignKeyConstraint(["list_id"], ["mailing_list.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("list_id", "day"),
    )
    op.create_table(
        "consent_text",
        sa.Column("key", TEXT, nullable=False),
        sa.Column("language", TEXT, nullable=False),
        sa.Column("words", TEXT, nullable=False),
        sa.Column("first_shown_at", UTC_TIME, nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )


def downgrade() -> None:
    """Go back to the revision before."""
    op.drop_table("consent_text")
    op.drop_table("signup_day")
    op.drop_index("ix_signup_count_hour", table_name="signup_count")
    op.drop_table("signup_count")
    op.drop_index("ix_blocked_signup_at", table_name="blocked_signup")
    op.drop_table("blocked_signup")
    for table, columns in ADDED.items():
        for column in reversed(columns):
            op.drop_column(table, column.partition(" ")[0])
