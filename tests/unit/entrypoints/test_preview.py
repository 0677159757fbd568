"""The preview shows the mail, and why there is none."""

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from digest.entrypoints.previewing import stamp_of
from digest.entrypoints.web.preview import Proof, preview_app
from digest.errors import ConfigError
from digest.render.message.rendered import RenderedEdition


@pytest.fixture
def opened() -> TestClient:
    async def make() -> RenderedEdition:
        return RenderedEdition(subject="موجز <اليوم>", text="نص\n", html="<p>خبر</p>\n")

    async def stamp() -> str:
        return "first"

    return TestClient(preview_app(Proof(make, stamp)), base_url="http://127.0.0.1")


def test_it_shows_html_text_and_the_stamp_that_tells_of_changes(opened: TestClient):
    assert "موجز &lt;اليوم&gt;" in opened.get("/").text
    assert opened.get("/mail.html").text == "<p>خبر</p>\n"
    assert "<pre>نص\n</pre>" in opened.get("/text.html").text
    assert opened.get("/stamp").json() == "first"
    assert "fetch('/stamp')" in opened.get("/live.js").text


@pytest.mark.parametrize(("language", "side"), [("ar", "rtl"), ("ur", "rtl"), ("he", "rtl"), ("en", "ltr")])
def test_the_text_part_runs_in_the_direction_of_its_list(language: str, side: str):
    async def make() -> RenderedEdition:
        return RenderedEdition(subject="س", text="<نص>\n", html="<p>خبر</p>\n", language=language)

    async def stamp() -> str:
        return ""

    answer = TestClient(preview_app(Proof(make, stamp)), base_url="http://127.0.0.1").get("/text.html")
    assert f'<html lang="{language}" dir="{side}">' in answer.text
    assert "&lt;نص&gt;" in answer.text
    assert "sandbox" in answer.headers["content-security-policy"]


def test_it_answers_to_names_of_this_machine_only(opened: TestClient):
    assert opened.get("/", headers={"host": "evil.example"}).status_code == 421


def test_the_mail_may_run_nothing(opened: TestClient):
    answer = opened.get("/mail.html")
    policy = answer.headers["content-security-policy"]
    assert "sandbox" in policy
    assert "script-src" not in policy


def test_a_broken_template_is_shown_as_its_reason():
    async def make() -> RenderedEdition:
        raise ConfigError("body.html, line 3: unknown variable <b>.")

    async def stamp() -> str:
        return ""

    client = TestClient(preview_app(Proof(make, stamp)), base_url="http://127.0.0.1")
    assert "line 3: unknown variable &lt;b&gt;." in client.get("/mail.html").text
    assert client.get("/").status_code == 200


def test_the_stamp_changes_with_a_file_and_with_the_edition(tmp_path: Path):
    (tmp_path / "body.html").write_text("a", encoding="utf-8")
    first = stamp_of([tmp_path], "1")
    assert stamp_of([tmp_path], "1") == first
    assert stamp_of([tmp_path], "2") != first
    (tmp_path / "new.html").write_text("b", encoding="utf-8")
    assert stamp_of([tmp_path], "1") != first
