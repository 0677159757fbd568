"""`digest run` with a language model: the digest goes out, and says who wrote it, or why not."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

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


class Scripted(BaseHTTPRequestHandler):
    """Tells again what it is given: of a story its first sentence, of an edition its lead's. Some it spoils."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        system, user = (one["content"] for one in asked["messages"])
        given = json.loads(user)["sentences"]
        if "opening paragraph" in system:
            written = {"sentences": [{"text": given[1]["text"], "sources": [2]}]}
        else:
            first = {"text": given[0]["text"], "sources": [1]}
            words = given[0]["text"].split()[:10]
            written = {"headline": {"text": " ".join([*words, "99"]), "sources": [1]}, "sentences": [first]}
        body = json.dumps({"choices": [{"message": {"content": json.dumps(written)}}]}).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def model() -> Iterator[dict[str, str]]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Scripted) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        host = f"127.0.0.1:{server.server_port}"
        yield {
            **DEAD,
            "DIGEST_SUMMARIZE__URL": f"http://{host}/v1",
            "DIGEST_COLLECT__ALLOW_HOSTS": json.dumps([host]),
        }
        server.shutdown()


def test_a_written_opening_stands_above_the_lead_in_both_parts(
    digest: Command, tmp_path: Path, model: dict[str, str]
):
    done = digest("run", "--demo", "--dry-run", **model)
    assert done.returncode == 0, done.stderr
    assert "Opening" not in done.stdout
    assert "Headlines   13 of 13 are the articles' own" in done.stdout
    assert "number 99" in done.stdout
    for name in ("preview.html", "preview.txt"):
        told = (tmp_path / "out" / name).read_text(encoding="utf-8")
        assert 0 < told.index("ماذا حدث، ولماذا يهم") < told.index("ملخّص آلي"), name
        assert told.index("ماذا حدث، ولماذا يهم") < told.index("خبر اليوم"), name
