"""A process that sends mail does not hold what only other work needs: on a small machine it is memory for nothing."""

import subprocess
import sys

import pytest

SENDING = """
import asyncio, sys
import digest.services.sending.deliveries, digest.runtime.inprocess
from digest.bootstrap import Http
from digest.settings import CollectSettings

async def visit_nobody():
    async with Http(CollectSettings(), "0"):
        pass

asyncio.run(visit_nobody())
print(*sys.modules)
"""
WORKING = "import digest.bootstrap, digest.entrypoints.worker, sys; print(*sys.modules)"
OTHERS_ONLY = (
    "aiodns",
    "aiohttp",
    "alembic",
    "apscheduler",
    "brotli",
    "cryptography",
    "css_inline",
    "dkim",
    "fastfeedparser",
    "imap_tools",
    "lxml",
    "multidict",
    "nh3",
    "numpy",
    "openai",
    "premailer",
    "prometheus_client",
    "protego",
    "pycares",
    "readability",
    "rensa",
    "requests",
    "starlette",
    "trafilatura",
    "uvicorn",
    "yarl",
    "digest.collect.fetch.session",
    "digest.collect.parse.feeds.feed",
    "digest.collect.sandbox.jobs",
    "digest.collect.parse.pages.page",
    "digest.curate",
    "digest.entrypoints.api",
    "digest.services.sources.polling",
    "digest.services.editions.composing.compose",
    "digest.summarize.language_model.llm",
)
WORKERS_TOO = ("apscheduler",)
"""Every worker asks what is due."""


def _loaded(code: str) -> frozenset[str]:
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return frozenset(done.stdout.split())


@pytest.fixture(scope="module")
def sender() -> frozenset[str]:
    return _loaded(SENDING)


@pytest.fixture(scope="module")
def worker() -> frozenset[str]:
    return _loaded(WORKING)


@pytest.mark.parametrize("module", OTHERS_ONLY)
def test_a_sender_does_not_hold(module: str, sender: frozenset[str]):
    assert "digest.deliver.smtp.pool" in sender
    assert module not in sender


@pytest.mark.parametrize("module", [name for name in OTHERS_ONLY if name not in WORKERS_TOO])
def test_a_worker_that_has_sent_nothing_yet_does_not_hold(module: str, worker: frozenset[str]):
    assert "digest.deliver.smtp.pool" in worker
    assert module not in worker
