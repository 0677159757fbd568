"""readers choose order, days, hour and zone, form, mutes and pauses; batches have the hour of their readers

Revision: 0015; follows: 0014
"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString()
UTC_TIME = sqlmodel.sql.sqltypes.UTCDateTime()


def upgrade() -> None:
    """Go to this revision."""
    instant = "TIMESTAMP WITH TIME ZONE" if op.get_bind().dialect.name == "postgresql" else "DATETIME"
    # As in 0010: without a batch, in plain SQL.
    for table, columns in _added(instant).items():
        for column in columns:
            op.execute(f"ALTER TABLE {table} ADD COLUMN {column}")
    # Nothing read this column before, and no page offered it.
    op.execute("UPDATE subscription SET hour = NULL WHERE hour NOT BETWEEN 0 AND 23")
    op.create_table(
        "address_change",
        sa.Column("subscriber_id", sa.Integer(), nullable=False),
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("email", TEXT, nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("came_from", TEXT, nullable=False),
        sa.Column("asked_at", UTC_TIME, nullable=False),
        sa.ForeignKeyConstraint(["list_id"], ["mailing_list.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["subscriber_id"], ["subscriber.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("subscriber_id"),
        sa.UniqueConstraint("key"),
    )


def downgrade() -> None:
    """Go back to the revision before."""
    op.drop_table("address_change")
    for table, columns in _added("").items():
        for column in reversed(columns):
            op.drop_column(table, column.partition(" ")[0])


def _added(instant: str) -> dict[str, tuple[str, ...]]:
    return {
        "subscription": (
            "section_order JSON NOT NULL DEFAULT '[]'",
            "never_sections JSON NOT NULL DEFAULT '[]'",
            "days INTEGER NOT NULL DEFAULT 127 CONSTRAINT some_day_of_the_week CHECK (days BETWEEN 1 AND 127)",
            "weekly_day INTEGER CONSTRAINT weekly_day_is_a_day CHECK (weekly_day BETWEEN 0 AND 6)",
            "timezone VARCHAR NOT NULL DEFAULT ''",
            "headlines_only BOOLEAN NOT NULL DEFAULT false",
            "muted_words JSON NOT NULL DEFAULT '[]'",
            "muted_outlets JSON NOT NULL DEFAULT '[]'",
            "digits VARCHAR NOT NULL DEFAULT ''",
            "hijri BOOLEAN NOT NULL DEFAULT true",
            f"paused_until {instant}",
        ),
        "edition": ("for_any_day BOOLEAN NOT NULL DEFAULT true",),
        "batch": (f"planned_at {instant}", f"send_deadline {instant}"),
    }
