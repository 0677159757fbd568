"""What an operator has to be told of."""

from datetime import date, datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel


class Alarm(SQLModel, table=True):
    """One thing to tell by one channel, once a day: to whom it was told, or when it is tried again.

    `kind` is a word for machines, `about` names what it is about; `words` are for people.
    """

    __tablename__ = "alarm"
    __table_args__ = (UniqueConstraint("kind", "about", "day", "channel", name="one_alarm_a_day"),)

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    about: str
    day: date
    channel: str = Field(description="email or webhook")
    words: str
    created_at: datetime
    told_at: datetime | None = None
    attempts: int = 0
    next_try_at: datetime | None = Field(default=None, description="None: never again")
