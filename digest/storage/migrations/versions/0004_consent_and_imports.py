"""sign-ups that wait, events of consent, allowances of confirmations, imports that can be undone, sample readers

Revision: 0004; follows: 0003
"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

STAMP = sqlmodel.sql.sqltypes.UTCDateTime
TEXT = sqlmodel.sql.sqltypes.AutoString


def _of_list() -> tuple[sa.Column[int], sa.ForeignKeyConstraint]:
    key = sa.ForeignKeyConstraint(["list_id"], ["mailing_list.id"], ondelete="CASCADE")
    return sa.Column("list_id", sa.Integer(), nullable=False), key


def upgrade() -> None:
    """Go to this revision."""
    # Without a batch: making the tables anew would, on SQLite, take with them the rows that refer to theirs.
    op.add_column(
        "subscriber", sa.Column("sample", sa.Boolean(), nullable=False, server_default=sa.text("false"))
    )
    op.add_column("subscription", sa.Column("asked_again_at", STAMP(), nullable=True))
    op.add_column("subscription", sa.Column("import_id", sa.Integer(), nullable=True))
    op.add_column("subscription", sa.Column("ended_by_import", sa.Integer(), nullable=True))
    op.create_index(op.f("ix_subscription_import_id"), "subscription", ["import_id"], unique=False)
    op.add_column("suppression", sa.Column("import_id", sa.Integer(), nullable=True))
    op.execute(
        "UPDATE subscriber SET sample = true WHERE id IN "
        "(SELECT subscriber_id FROM subscription WHERE consent_how = 'sample')"
    )
    op.create_table(
        "signup",
        sa.Column("id", sa.Integer(), nullable=False),
        *_of_list(),
        sa.Column("email", TEXT(), nullable=False),
        sa.Column("came_from", TEXT(), nullable=False),
        sa.Column("at", STAMP(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "consent_event",
        sa.Column("id", sa.Integer(), nullable=False),
        *_of_list(),
        sa.Column("subscriber_id", sa.Integer(), nullable=False),
        sa.Column("at", STAMP(), nullable=False),
        sa.Column("event", TEXT(), nullable=False),
        sa.Column("how", TEXT(), nullable=False),
        sa.Column("came_from", TEXT(), nullable=False),
        sa.ForeignKeyConstraint(["subscriber_id"], ["subscriber.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_consent_event_subscriber_id"), "consent_event", ["subscriber_id"], unique=False)
    op.create_table(
        "confirmation_allowance",
        sa.Column("mailbox", TEXT(), nullable=False),
        sa.Column("asked_at", STAMP(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.CheckConstraint("asked >= 0", name="asked_is_a_count"),
        sa.PrimaryKeyConstraint("mailbox"),
    )
    op.create_table(
        "import_run",
        sa.Column("id", sa.Integer(), nullable=False),
        *_of_list(),
        sa.Column("file", TEXT(), nullable=False),
        sa.Column("at", STAMP(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("undone_at", STAMP(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )


def downgrade() -> None:
    """Go back to the revision before."""
    for table in ("import_run", "confirmation_allowance", "consent_event", "signup"):
        op.drop_table(table)
    op.drop_column("suppression", "import_id")
    op.drop_index(op.f("ix_subscription_import_id"), table_name="subscription")
    for column in ("ended_by_import", "import_id", "asked_again_at"):
        op.drop_column("subscription", column)
    op.drop_column("subscriber", "sample")
