"""a sign-up that was kept back keeps its answers; a correction says of which story

Revision: 0020; follows: 0019
"""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    # As in 0010: without a batch, in plain SQL.
    op.execute("ALTER TABLE blocked_signup ADD COLUMN answers JSON NOT NULL DEFAULT '{}'")
    op.execute("ALTER TABLE correction ADD COLUMN story VARCHAR NOT NULL DEFAULT ''")


def downgrade() -> None:
    """Go back to the revision before."""
    op.drop_column("correction", "story")
    op.drop_column("blocked_signup", "answers")
