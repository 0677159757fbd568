"""What a language model has answered already."""

from datetime import datetime

from sqlmodel import Field, SQLModel


class CachedAnswer(SQLModel, table=True):
    """An answer of a language model that passed the guard, kept so that the same question costs nothing."""

    __tablename__ = "summary_cache"

    key: str = Field(primary_key=True, description="SHA-256 of model, prompt and sentences, hex")
    answer: str
    created_at: datetime
