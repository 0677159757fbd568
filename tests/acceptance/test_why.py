"""`digest why`, as a person types it."""

import json

from tests.acceptance.conftest import Command


def test_why_answers_for_what_a_dry_run_chose(digest: Command):
    assert digest("run", "--demo", "--dry-run").returncode == 0
    every = json.loads(digest("why", "--json").stdout)
    assert [one["number"] for one in every] == list(range(1, len(every) + 1))
    first = every[0]
    assert (first["in"], first["place"]) == (True, 1)
    assert first["reasons"]
    told = digest("why", "1").stdout
    assert (
        f"1  {first['headline']}\n   key      {first['key']}\n   verdict  in, {first['section']} 1: " in told
    )
    unknown = digest("why", "زقزوق")
    assert unknown.returncode != 0
    assert unknown.stderr.count("\n") == 1
    assert "`digest why` shows them all" in unknown.stderr


def test_why_of_a_wrong_date_says_how_to_write_it(digest: Command):
    asked = digest("why", "--date", "gestern")
    assert asked.returncode != 0
    assert "YYYY-MM-DD" in asked.stderr
