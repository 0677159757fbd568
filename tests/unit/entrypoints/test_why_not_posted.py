"""What went wrong with a post is known again by its sentence, and has a word in each language of the desk."""

import json

import pytest

from digest.collect.fetch.responses import late
from digest.collect.fetch.ssrf import check_url
from digest.deliver.channels.telegram import reply_of
from digest.entrypoints.desk.words import LANGUAGES, desk_words
from digest.errors import SourceError
from digest.services.channels.reasons import KNOWN, reason_of


@pytest.mark.parametrize(
    ("status", "description", "reason"),
    [
        (403, "Forbidden: bot is not a member of the channel chat", "bot"), (400, "Bad Request: chat not found", "chat"),
        (429, "Too Many Requests: retry after 7", "many"), (401, "Unauthorized", "token"), (502, "", "status"),
        (400, "Bad Request: message is too long", "refused"), (404, "Not Found", "token"),
        (500, "Internal Server Error", "trouble"), (418, "I am a teapot", "other"),
    ],
)  # fmt: skip
def test_what_telegram_answers_has_its_reason(status: int, description: str, reason: str):
    body = json.dumps({"ok": False, "description": description} if description else {}).encode()
    assert reason_of(reply_of(status, body).words)[0] == reason


def test_what_a_program_answers_and_what_never_answered_has_its_reason():
    assert reason_of("It answered 503.") == ("status", {"status": "503"})
    assert reason_of(late("https://partner.example/", 10).message)[0] == "unreachable"
    with pytest.raises(SourceError) as private:
        check_url("https://10.1.2.3/hook", ())
    assert reason_of(private.value.message)[0] == "private"
    assert reason_of("") == ("", {})


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_reason_has_its_word(language: str):
    words = desk_words(language)
    assert all(f"why_post_{reason}" in words for reason in [*(one for one, _ in KNOWN), "other"])
