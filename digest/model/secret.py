"""Keys that were made on first use."""

from datetime import datetime

from sqlmodel import Field, SQLModel


class Secret(SQLModel, table=True):
    """A random key that all processes on one database share, when the settings name none."""

    __tablename__ = "secret"

    name: str = Field(primary_key=True)
    value: str = Field(description="hex")
    created_at: datetime
