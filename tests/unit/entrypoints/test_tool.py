"""`digest tool …`: lines in, lines out, whatever a line holds."""

import json

import pytest
from typer.testing import CliRunner

from digest.entrypoints.cli.tool import app

ODD = [
    json.dumps(
        {"id": "\ud800", "title": "نصف حرف \ud800", "text": "\udfff", "url": "https://a.example/\ud800"}
    ),
    "[" * 100_000,
    "ليس JSON",
    "[]",
    json.dumps({"id": 2, "title": "BREAKING", "text": "ALL CAPS"}),
]


@pytest.mark.parametrize("stage", ["cluster", "classify", "summarize"])
def test_odd_lines_get_an_answer_each_and_the_rest_goes_on(stage: str):
    done = CliRunner().invoke(app, [stage], input="\n".join(ODD).encode(), catch_exceptions=False)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["id"] for answer in answers] == ["\ud800", None, None, None, 2]
    assert ["error" in answer for answer in answers] == [False, True, True, True, False]
