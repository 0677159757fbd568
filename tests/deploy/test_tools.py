"""What systemd, nginx and Caddy themselves say of the files of deploy/. `make deploy-check` installs what is missing."""

import re
import subprocess
from pathlib import Path

import pytest

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
MOST_EXPOSED = 1.5

pytestmark = pytest.mark.deploy


def said(*words: str) -> str:
    """Run a program that must succeed; return all that it said."""
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.mark.parametrize("unit", sorted((DEPLOY / "systemd").glob("*.service")), ids=lambda path: path.name)
def test_every_unit_is_exposed_to_little(unit: Path):
    verdict = said("systemd-analyze", "security", "--offline=true", "--no-pager", str(unit))
    found = re.search(r"Overall exposure level for \S+: ([0-9.]+)", verdict)
    assert found, verdict
    assert float(found[1]) <= MOST_EXPOSED


def test_nginx_takes_its_example(tmp_path: Path):
    key, certificate = tmp_path / "privkey.pem", tmp_path / "fullchain.pem"
    said(
        "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=news.example.org",
        "-keyout", str(key), "-out", str(certificate),
    )  # fmt: skip
    example = (DEPLOY / "nginx/mujaz.conf").read_text(encoding="utf-8")
    example = example.replace("/etc/letsencrypt/live/news.example.org", str(tmp_path))
    (tmp_path / "mujaz.conf").write_text(example, encoding="utf-8")
    whole = f"pid {tmp_path}/pid; error_log stderr; events {{}} http {{ access_log off; include {tmp_path}/mujaz.conf; }}"
    (tmp_path / "nginx.conf").write_text(whole, encoding="utf-8")
    assert "test is successful" in said(
        "nginx", "-t", "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")
    )


def test_caddy_takes_its_example():
    verdict = said("caddy", "validate", "--config", str(DEPLOY / "caddy/Caddyfile"), "--adapter", "caddyfile")
    assert "Valid configuration" in verdict
