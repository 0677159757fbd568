"""Who failed, in which list, as an operator asks for it."""

import json

import pytest

from tests.integration.editions.test_editions_command import _a_sent_edition, run

__all__ = ["_a_sent_edition"]


@pytest.mark.usefixtures("_a_sent_edition")
def test_who_failed_in_an_edition_is_listed_with_the_servers_words():
    assert run("failed", "1").output == "reader2@mujaz.example  failed: 554 5.6.0 لا نقبل هذه الرسالة\n"
    (row,) = json.loads(run("failed", "1", "--json").output)
    assert (row["address"], row["status"], row["code"]) == ("reader2@mujaz.example", "failed", 554)
    assert "Edition 1 of daily, 2026-01-05" in run("who", "reader2@mujaz.example").output


@pytest.mark.usefixtures("_a_sent_edition")
def test_the_list_of_editions_shows_the_state_and_why():
    assert "1 wait again" in run("retry", "1", "--failed").output
    assert "is paused" in run("pause", "1").output
    assert "paused" in run("list").output
    assert "resume    `digest editions resume 1`" in run("status", "1").output
