"""a source says that somebody is visiting it

Revision: 0016; follows: 0015
"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    # Without a batch: making the table anew would, on SQLite, take with it the rows that refer to its own.
    op.add_column("source", sa.Column("visited_since", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))


def downgrade() -> None:
    """Go back to the revision before."""
    op.drop_column("source", "visited_since")
