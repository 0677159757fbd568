"""an index that answers by itself whether a person has a word

Revision: 0025; follows: 0024
"""

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    op.create_index("ix_person_word_person", "person_word", ["subscriber_id", "word"])
    op.drop_index("ix_person_word_subscriber_id", "person_word")


def downgrade() -> None:
    """Go back."""
    op.create_index("ix_person_word_subscriber_id", "person_word", ["subscriber_id"])
    op.drop_index("ix_person_word_person", "person_word")
