"""a weekly edition of a daily list, for who asked for it

Revision: 0003; follows: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    # Without a batch: making the tables anew would, on SQLite, take with them the rows that refer to theirs.
    op.add_column("mailing_list", sa.Column("weekly_day", sa.Integer(), nullable=True))
    op.add_column(
        "edition",
        sa.Column("for_weekly_readers", sa.Boolean(), nullable=False, server_default=sa.text("false")),
    )


def downgrade() -> None:
    """Go back to the revision before."""
    op.drop_column("edition", "for_weekly_readers")
    op.drop_column("mailing_list", "weekly_day")
