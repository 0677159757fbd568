"""A process that sends mail does not hold what only other work needs: on a small machine it is memory for nothing."""

import subprocess
import sys

import pytest

SENDING = (
    "import digest.bootstrap, digest.services.deliveries, digest.runtime.inprocess, sys; print(*sys.modules)"
)
OTHERS_ONLY = (
    "alembic",
    "apscheduler",
    "cryptography",
    "dkim",
    "fastfeedparser",
    "flufl.bounce",
    "imap_tools",
    "numpy",
    "openai",
    "premailer",
    "readability",
    "rensa",
    "requests",
    "trafilatura",
    "digest.curate",
    "digest.services.articles",
    "digest.services.compose",
    "digest.summarize.llm",
)


@pytest.fixture(scope="module")
def loaded() -> frozenset[str]:
    done = subprocess.run([sys.executable, "-c", SENDING], check=True, capture_output=True, text=True)
    return frozenset(done.stdout.split())


@pytest.mark.parametrize("module", OTHERS_ONLY)
def test_a_sender_does_not_hold(module: str, loaded: frozenset[str]):
    assert "digest.deliver.smtp" in loaded
    assert module not in loaded
