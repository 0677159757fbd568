"""what charts show, counted by the day; cleaning rules of a source; an account's calendar; the guide

Revision: 0018; follows: 0017
"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString
TIME = sqlmodel.sql.sqltypes.UTCDateTime


def _of(table: str) -> sa.Column[int]:
    name = "list_id" if table == "mailing_list" else f"{table}_id"
    key = sa.ForeignKey(f"{table}.id", ondelete="CASCADE")
    return sa.Column(name, sa.Integer(), key, nullable=False, primary_key=True)


def _numbers(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.Integer(), nullable=False) for name in names]


def upgrade() -> None:
    """Go to this revision."""
    # Without a batch: making the table anew would, on SQLite, take with it the rows that refer to it.
    op.add_column("source", sa.Column("cleaning", sa.JSON(), nullable=False, server_default=sa.text("'{}'")))
    op.add_column("source", sa.Column("seen_items", sa.Integer(), nullable=True))
    op.add_column("source", sa.Column("undated_items", sa.Integer(), nullable=True))
    op.add_column("source", sa.Column("read_seconds", sa.Float(), nullable=True))
    op.add_column(
        "account", sa.Column("calendar", TEXT(), nullable=False, server_default=sa.text("'gregorian'"))
    )
    op.create_table(
        "day_count",
        _of("mailing_list"),
        sa.Column("day", sa.Date(), nullable=False, primary_key=True),
        *_numbers("confirmed", "joined", "gone", "bounced", "complained"),
    )
    op.create_table(
        "domain_count",
        _of("edition"),
        sa.Column("domain", TEXT(), nullable=False, primary_key=True),
        *_numbers("sent", "bounced", "failed", "complained"),
        sa.Column("counted_at", TIME(), nullable=False),
    )
    op.create_table(
        "choice_count",
        _of("mailing_list"),
        sa.Column("section", TEXT(), nullable=False, primary_key=True),
        *_numbers("reading", "chosen"),
        sa.Column("counted_at", TIME(), nullable=False),
    )
    op.create_table(
        "guide_step",
        sa.Column("step", TEXT(), nullable=False, primary_key=True),
        sa.Column("at", TIME(), nullable=False),
    )


def downgrade() -> None:
    """Go back: what was counted is counted again after the next upgrade; rules and calendars are lost."""
    for table in ("guide_step", "choice_count", "domain_count", "day_count"):
        op.drop_table(table)
    op.drop_column("account", "calendar")
    for column in ("read_seconds", "undated_items", "seen_items", "cleaning"):
        op.drop_column("source", column)
