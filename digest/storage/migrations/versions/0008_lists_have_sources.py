"""lists have sources of their own, and one list may be the default

Revision: 0008; follows: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    # Without a batch: making the table anew would, on SQLite, take with it the rows that refer to it.
    op.add_column(
        "mailing_list", sa.Column("all_sources", sa.Boolean(), nullable=False, server_default=sa.text("true"))
    )
    op.add_column(
        "mailing_list", sa.Column("is_default", sa.Boolean(), nullable=False, server_default=sa.text("false"))
    )
    op.create_table(
        "list_source",
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("is_read", sa.Boolean(), nullable=False, server_default=sa.text("true")),
        sa.Column("weight", sa.Float(), nullable=True),
        sa.CheckConstraint("weight >= 0 AND weight <= 3", name="list_source_weight"),
        sa.ForeignKeyConstraint(["list_id"], ["mailing_list.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("list_id", "source_id"),
    )
    op.create_index("ix_list_source_source_id", "list_source", ["source_id"])


def downgrade() -> None:
    """Go back to the revision before."""
    op.drop_index("ix_list_source_source_id", table_name="list_source")
    op.drop_table("list_source")
    op.drop_column("mailing_list", "is_default")
    op.drop_column("mailing_list", "all_sources")
