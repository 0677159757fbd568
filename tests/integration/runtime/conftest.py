"""What tests of many machines share."""

from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest

from digest.runtime.distributed import apply_schema


@pytest.fixture
def url(postgresql_server: str) -> Iterator[str]:
    """A PostgreSQL database with the schema and the queue's tables."""
    name = f"queue_{uuid4().hex[:12]}"
    with psycopg.connect(postgresql_server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE mujaz_template")
    start, _, query = postgresql_server.partition("?")
    made = f"{start.rpartition('/')[0]}/{name}?{query}"
    assert apply_schema(made)
    assert not apply_schema(made)
    yield made
    with psycopg.connect(postgresql_server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
