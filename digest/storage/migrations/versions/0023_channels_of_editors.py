"""channels of editors are told of editions that wait for an approval

Revision: 0023; follows: 0022
"""

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    # As in 0010: in plain SQL and without a batch, so that no table is made anew on SQLite.
    op.execute("ALTER TABLE channel ADD COLUMN approvals BOOLEAN NOT NULL DEFAULT false")


def downgrade() -> None:
    """Go back: editors are told by mail alone."""
    op.execute("ALTER TABLE channel DROP COLUMN approvals")
