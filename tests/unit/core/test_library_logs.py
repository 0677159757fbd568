"""What libraries log is one line of JSON each, and what they repeat is said once a minute."""

import json
import logging
from collections.abc import Iterator

import psycopg
import pytest
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from digest.bootstrap import configure_logging
from digest.settings import RunSettings

LIBRARIES = (
    "procrastinate.worker",
    "psycopg.pool",
    "apscheduler.executors.default",
    "uvicorn.error",
    "asyncio",
)


@pytest.fixture(autouse=True)
def _root_as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    yield
    root.handlers, root.level = before, level


def lines(captured: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in captured.readouterr().err.splitlines()]


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_library_logs_lines_of_json(library: str, capsys: pytest.CaptureFixture[str]):
    configure_logging(RunSettings(log_format="json"))
    logging.getLogger(library).error("It broke: %s", "so", exc_info=RuntimeError("two\nlines"))
    (said,) = lines(capsys)
    assert (said["event"], said["logger"], said["level"]) == ("It broke: so", library, "error")
    assert "two\nlines" in str(said["exception"])


def test_an_outage_is_said_once_a_minute_and_without_a_trace(capsys: pytest.CaptureFixture[str]):
    configure_logging(RunSettings(log_format="json"))
    error = psycopg.OperationalError("connection refused")
    for _ in range(50):
        logging.getLogger("procrastinate.worker").error("Side task failed", exc_info=error)
        logging.getLogger("psycopg.pool").warning("error connecting in 'pool-1': %s", error)
    said = lines(capsys)
    assert [one["logger"] for one in said] == ["procrastinate.worker", "psycopg.pool"]
    assert not [one for one in said if "exception" in one]


def test_logging_that_is_set_up_twice_says_all_once(capsys: pytest.CaptureFixture[str]):
    configure_logging(RunSettings(log_format="json"))
    configure_logging(RunSettings(log_format="json"))
    logging.getLogger(AsyncIOScheduler.__module__).warning("once")
    assert len(lines(capsys)) == 1
