"""Ask `digest serve` everything that its OpenAPI description allows, and much that it does not: `make
api-check`.

Passes when no answer is a server's error, and none is of a status, type or shape that the description does
not name. SECONDS bound the asking.
"""

import argparse
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).parent
CHECKS = (
    "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_headers_conformance",
    "response_schema_conformance", "negative_data_rejection", "unsupported_method", "allow_header_conformance",
)  # fmt: skip
PEOPLE = "email,name\n" + "".join(f"reader{number}@mujaz.example,قارئ\n" for number in range(1, 40))


def digest(folder: Path, settings: dict[str, str], *arguments: str) -> str:
    """Run a command of Mujaz's in a folder of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "digest", *arguments],
        cwd=folder, env=settings, check=True, capture_output=True, text=True,
    )  # fmt: skip
    return done.stdout


@contextmanager
def served(folder: Path, settings: dict[str, str], port: int) -> Iterator[str]:
    """Serve until the asking is over."""
    with (folder / "serve.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "digest", "serve"], cwd=folder, env=settings, stdout=log, stderr=log
        )
        try:
            for _ in range(150):
                time.sleep(0.2)
                try:
                    urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2)
                    break
                except (urllib.error.URLError, OSError):
                    continue
            yield f"http://127.0.0.1:{port}/api/v1/openapi.json"
        finally:
            process.terminate()
            process.wait(20)


def prepared(folder: Path, settings: dict[str, str]) -> str:
    """Make a list with people, a segment and an edition, and return a key that may do everything."""
    digest(folder, settings, "run", "--demo")
    (folder / "people.csv").write_text(PEOPLE, encoding="utf-8")
    digest(folder, settings, "subscribers", "import", "people.csv")
    digest(folder, settings, "segments", "add", "vips", "--include", "state is confirmed")
    from digest.model import Scope

    scopes = [part for scope in Scope for part in ("--scope", scope.value)]
    made = digest(folder, settings, "api", "keys", "add", "schemathesis", *scopes, "--json")
    return str(json.loads(made)["key"])


def main() -> int:
    """Ask, and return 0 when all answers were as they are described."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=40)
    parser.add_argument("--schemathesis", required=True, help="path of its command")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = Path(tempfile.mkdtemp(prefix="api-check-"))
    settings = {
        **{name: value for name, value in os.environ.items() if not name.startswith("DIGEST_")},
        "DIGEST_WEB__PORT": str(port),
        "DIGEST_API__CALLS_A_MINUTE": "1000000",
        "DIGEST_RUN__METRICS_PORT": "0",
        "DIGEST_COLLECT__TOTAL_SECONDS": "2",
        "PYTHONPATH": str(HERE.parents[1]),
    }
    key = prepared(folder, settings)
    with served(folder, settings, port) as url:
        asking = [
            str(Path(asked.schemathesis).absolute()), "--config-file", str(HERE / "schemathesis.toml"), "run", url,
            "--header", f"Authorization: Bearer {key}", "--checks", ",".join(CHECKS),
            "--phases", "coverage,fuzzing", "--max-time", str(asked.seconds), "--max-examples", "60",
            "--seed", str(asked.seed), "--continue-on-failure", "--request-timeout", "20", "--warnings", "off",
            "--suppress-health-check", "all", "--exclude-operation-id", "remove_list", "--generation-database", "none",
        ]  # fmt: skip
        status = subprocess.run(asking, cwd=folder, check=False).returncode
    if "Traceback" in (folder / "serve.log").read_text(encoding="utf-8"):
        sys.stdout.write((folder / "serve.log").read_text(encoding="utf-8")[-4000:])
        return 1
    shutil.rmtree(folder)
    return status


if __name__ == "__main__":
    sys.exit(main())
