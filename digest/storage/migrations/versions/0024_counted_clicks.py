"""links that are counted by the day, for lists that want it; channels that are paused; words of names anew

Revision: 0024; follows: 0023
"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

TIME = sqlmodel.sql.sqltypes.UTCDateTime


def upgrade() -> None:
    """Go to this revision."""
    # As in 0010: in plain SQL and without a batch, so that no table is made anew on SQLite.
    op.execute("ALTER TABLE mailing_list ADD COLUMN count_clicks BOOLEAN NOT NULL DEFAULT false")
    op.add_column("channel", sa.Column("paused_at", TIME(), nullable=True))
    op.create_table(
        "click_count",
        sa.Column(
            "edition_id", sa.Integer(), sa.ForeignKey("edition.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("link", sa.Integer(), primary_key=True),
        sa.Column("day", sa.Date(), primary_key=True),
        sa.Column("clicks", sa.Integer(), nullable=False),
        sa.CheckConstraint("clicks > 0", name="a_row_counts_something"),
    )
    op.create_index("ix_click_count_day", "click_count", ["day"])
    # Names of several words are found in more ways than before: their words are made again, beside the work.
    op.execute(
        "INSERT INTO unindexed_person (subscriber_id) SELECT id FROM subscriber WHERE name LIKE '% %' "
        "ON CONFLICT (subscriber_id) DO NOTHING"
    )


def downgrade() -> None:
    """Go back: nothing is counted, and channels that were paused are posted to."""
    op.drop_table("click_count")
    op.drop_column("channel", "paused_at")
    op.drop_column("mailing_list", "count_clicks")
