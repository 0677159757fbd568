"""`digest run` with a language model that fails: the digest goes out, and says who wrote it and why."""

from pathlib import Path

from tests.acceptance.conftest import Command

# Port 9 (discard) answers nobody.
DEAD = {
    "DIGEST_SUMMARIZE__METHOD": "llm",
    "DIGEST_SUMMARIZE__URL": "http://127.0.0.1:9/v1",
    "DIGEST_SUMMARIZE__MODEL": "small",
    "DIGEST_SUMMARIZE__TIMEOUT_SECONDS": "2",
    "DIGEST_COLLECT__ALLOW_HOSTS": '["127.0.0.1:9"]',
}


def test_a_dead_model_costs_no_edition_and_is_told(digest: Command, tmp_path: Path):
    done = digest("run", "--demo", "--dry-run", **DEAD)
    assert done.returncode == 0, done.stderr
    assert "Summaries   13 of 13 are the articles' own sentences, not the model's:" in done.stdout
    assert "10: the server failed 3 times in a row" in done.stdout
    told = (tmp_path / "out" / "why.txt").read_text(encoding="utf-8").splitlines()
    assert sum("[the server failed 3 times in a row" in line for line in told) == 10


def test_without_a_model_nobody_speaks_of_one(digest: Command):
    done = digest("run", "--demo", "--dry-run")
    assert done.returncode == 0, done.stderr
    assert "Summaries" not in done.stdout
