"""alerts go to readers who chose them, by a rule of the list

Revision: 0010; follows: 0008
"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0010"
down_revision = "0008"
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString()
UTC_TIME = sqlmodel.sql.sqltypes.UTCDateTime()
VERDICTS = ("sent", "soon", "night", "limit", "told", "nobody", "late")
ADDED = {
    "mailing_list": (
        "alerts BOOLEAN NOT NULL DEFAULT false",
        "alert_sources JSON NOT NULL DEFAULT '[]'",
        "alert_outlets INTEGER NOT NULL DEFAULT 3",
        "alert_minutes INTEGER NOT NULL DEFAULT 30",
        "alerts_a_day INTEGER NOT NULL DEFAULT 3",
        "alerts_at_night VARCHAR(24) NOT NULL DEFAULT 'hold'"
        " CONSTRAINT atnight CHECK (alerts_at_night IN ('hold', 'big', 'all'))",
        "quiet_hours VARCHAR NOT NULL DEFAULT '23:00-07:00'",
    ),
    "subscription": (
        "alerts VARCHAR(24) NOT NULL DEFAULT 'none'"
        " CONSTRAINT alertchoice CHECK (alerts IN ('none', 'big', 'all'))",
        "quiet_hours VARCHAR NOT NULL DEFAULT ''",
    ),
    "edition": ("is_big BOOLEAN NOT NULL DEFAULT true", "corrects INTEGER"),
}


def upgrade() -> None:
    """Go to this revision."""
    # Without a batch: making the tables anew would, on SQLite, take with them the rows that refer to theirs. In plain SQL:
    # a column's own check can be added with it on both kinds of server, and goes when it goes.
    for table, columns in ADDED.items():
        for column in columns:
            op.execute(f"ALTER TABLE {table} ADD COLUMN {column}")
    op.create_table(
        "alert",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("topic", TEXT, nullable=False),
        sa.Column("headline", TEXT, nullable=False),
        sa.Column("cause", TEXT, nullable=False),
        sa.Column("is_big", sa.Boolean(), nullable=False),
        sa.Column("outlets", sa.Integer(), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum(*VERDICTS, name="alertverdict", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("marks", sa.JSON(), nullable=False),
        sa.Column("found_at", UTC_TIME, nullable=False),
        sa.Column("decided_at", UTC_TIME, nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["list_id"], ["mailing_list.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("list_id", "topic"),
    )
    op.create_index("ix_alert_decided_at", "alert", ["decided_at"])
    op.create_index("ix_alert_edition_id", "alert", ["edition_id"])
    op.create_table(
        "alert_watch",
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("seen_to", sa.Integer(), nullable=False),
        sa.Column("lease_until", UTC_TIME, nullable=True),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["list_id"], ["mailing_list.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("list_id"),
    )


def downgrade() -> None:
    """Go back to the revision before."""
    op.drop_table("alert_watch")
    op.drop_index("ix_alert_edition_id", table_name="alert")
    op.drop_index("ix_alert_decided_at", table_name="alert")
    op.drop_table("alert")
    for table, columns in ADDED.items():
        for column in reversed(columns):
            op.drop_column(table, column.partition(" ")[0])
