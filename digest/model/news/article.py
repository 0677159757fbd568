"""One cleaned news item."""

from datetime import datetime
from functools import cache
from typing import Any, Self

from sqlalchemy import JSON, Index, UniqueConstraint
from sqlalchemy import inspect as mapper_of
from sqlalchemy.orm import configure_mappers
from sqlmodel import Field, SQLModel

from digest.model.rows import no_items


class Article(SQLModel, table=True):
    """One cleaned news item: what `collect` makes and `curate` reads.

    Identity is (source, url_key); `guid` and `content_hash` are aliases that keep an edited or re-linked
    item from coming in twice. `published_at` is None when nobody says; then `first_seen_at` stands in.
    """

    __tablename__ = "article"
    __table_args__ = (
        UniqueConstraint("source_id", "url_key"),
        Index("ix_article_source_guid", "source_id", "guid"),
    )

    id: int | None = Field(default=None, primary_key=True)
    source_id: int | None = Field(default=None, foreign_key="source.id", ondelete="CASCADE", index=True)
    url: str | None = Field(default=None, description="canonical address; None for a file without one")
    url_key: str = Field(default="", description="what identifies the item within its source")
    guid: str | None = None
    title: str
    byline: str | None = None
    source_name: str = Field(default="", description="the outlet that is credited")
    agency: str | None = None
    section: str | None = Field(default=None, description="section key, None when nothing says")
    section_confidence: float = 0.0
    language: str = "ar"
    published_at: datetime | None = Field(default=None, index=True)
    first_seen_at: datetime = Field(index=True)
    paragraphs: list[str] = Field(default_factory=no_items, sa_type=JSON)
    headings: list[str] = Field(
        default_factory=no_items, sa_type=JSON, description="those paragraphs that are sub-headings"
    )
    image_url: str | None = None
    image_alt: str | None = None
    rights_line: str | None = None
    position: int = Field(default=0, description="place in its feed, 0 first")
    breaking: bool = False
    content_hash: str = Field(default="", index=True)
    raw_hash: str | None = Field(default=None, description="SHA-256 of the bytes it was made from")
    thumbnail: str | None = Field(default=None, description="file name of the small copy of its picture")
    text_dropped: bool = Field(
        default=False, description="its text was old and is gone; what identifies it stays"
    )

    @classmethod
    def of_fields(cls, **fields: Any) -> Self:
        """Return an article of these fields, the others as they are by default: what `Article(…)` makes, in a
        hundredth of the time.

        A table's class checks nothing when it is made; it only sets one field after the other by SQLAlchemy's
        setters, which is slower than reading the article. Thousands are made in one visit.

        Raises:
            TypeError: a name is no field, or one that must be given is missing.
        """
        plain, lists, needed, manager = _made_of()
        made = {**plain, **{name: [] for name in lists if name not in fields}, **fields}
        if len(made) != len(plain) + len(lists) + len(needed) or not needed <= fields.keys():
            raise TypeError(f"No article has these fields, or all it needs: {', '.join(sorted(fields))}")
        article: Self = manager.new_instance()
        article.__dict__.update(made)
        object.__setattr__(article, "__pydantic_fields_set__", set(fields))
        object.__setattr__(article, "__pydantic_extra__", None)
        object.__setattr__(article, "__pydantic_private__", None)
        return article

    @property
    def when(self) -> datetime:
        """The instant by which the article is placed in a window: never later than it was first seen."""
        return min(self.published_at, self.first_seen_at) if self.published_at else self.first_seen_at

    @property
    def body(self) -> list[str]:
        """The paragraphs without the sub-headings."""
        headings = set(self.headings)
        return [paragraph for paragraph in self.paragraphs if paragraph not in headings]


@cache
def _made_of() -> tuple[dict[str, Any], frozenset[str], frozenset[str], Any]:
    """Return an article's plain defaults, its lists, what must be given, and what makes one."""
    configure_mappers()
    fields = Article.model_fields
    lists = frozenset(name for name, one in fields.items() if one.default_factory is no_items)
    needed = frozenset(name for name, one in fields.items() if one.is_required())
    plain = {name: one.default for name, one in fields.items() if name not in lists | needed}
    return plain, lists, needed, mapper_of(Article).class_manager
