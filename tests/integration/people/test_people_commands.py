"""`digest segments`, `fields`, `tags` and `suppress`, as an admin and a program use them."""

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from typer.testing import Result

from tests.integration.people.conftest import answered

Digest = Callable[..., Result]
AMAL, BADR = "amal@mujaz.example", "badr@mujaz.example"


def test_a_segment_is_saved_shown_listed_and_removed(digest: Digest):
    for one in (AMAL, BADR):
        assert digest("subscribers", "add", one).exit_code == 0
    assert answered(digest("tags", "add", "صحافة", AMAL, "--json")) == {"tag": "صحافه", "people": 1}
    made = answered(digest("segments", "add", "press", "--include", "tag is صحافة", "--json"))
    assert (made["count"], made["readers"]) == (1, 1)
    assert [one["email"] for one in made["people"]] == [AMAL]
    assert (
        answered(digest("segments", "try", "--exclude", "tag is صحافة", "--json"))["people"][0]["email"]
        == BADR
    )
    assert [one["name"] for one in answered(digest("segments", "list", "--json"))] == ["press"]
    assert "tag is صحافة" in digest("segments", "show", "press").stdout
    assert answered(digest("segments", "remove", "press", "--json")) == {"removed": "press"}
    assert answered(digest("segments", "list", "--json")) == []


def test_a_definition_may_come_as_json(digest: Digest, tmp_path: Path):
    digest("subscribers", "add", AMAL)
    asked = {"match": "any", "include": [{"field": "domain", "op": "is", "values": ["mujaz.example"]}]}
    (tmp_path / "asked.json").write_text(json.dumps(asked), encoding="utf-8")
    assert answered(digest("segments", "try", "--file", "asked.json", "--json"))["count"] == 1


def test_fields_are_made_filled_asked_by_and_removed(digest: Digest):
    digest("subscribers", "add", AMAL)
    made = answered(digest("fields", "add", "city", "--title", "المدينة", "--in-form", "--json"))
    assert made == {"key": "city", "title": "المدينة", "kind": "text", "choices": [], "in_form": True}
    assert answered(digest("fields", "set", AMAL, "city=الرياض", "--json")) == {"city": "الرياض"}
    digest("segments", "add", "here", "--include", "field.city begins الري")
    assert answered(digest("segments", "show", "here", "--json"))["count"] == 1
    assert {
        "field": "field.city",
        "operators": ["is", "is_not", "contains", "begins", "set", "unset"],
    } in answered(digest("segments", "fields", "--json"))
    assert answered(digest("fields", "remove", "city", "--json")) == {"removed": "city"}
    gone = digest("segments", "show", "here")
    assert "segment here cannot be asked" in str(gone.exception)
    assert answered(digest("fields", "list", "--json")) == []


def test_an_address_is_suppressed_and_let_back_with_a_reason_that_is_kept(digest: Digest):
    digest("subscribers", "add", AMAL)
    assert answered(digest("suppress", "add", AMAL, "--reason", "by phone", "--json"))["added"] is True
    assert answered(digest("suppress", "add", AMAL, "--json"))["added"] is False
    assert "must never be mailed" in str(digest("subscribers", "add", AMAL).exception)
    assert "admin" in digest("suppress", "list").stdout
    (kept,) = (json.loads(line) for line in digest("suppress", "list", "--json").stdout.splitlines())
    assert (kept["reason"], kept["note"]) == ("admin", "by phone")
    assert digest("suppress", "remove", AMAL).exit_code == 2
    assert "only with a reason" in str(digest("suppress", "remove", AMAL, "--reason", " ").exception)
    assert "names an address" in str(
        digest("suppress", "remove", AMAL, "--reason", f"{AMAL} asked").exception
    )
    assert answered(digest("suppress", "remove", kept["hash"], "--reason", "asked to come back", "--json"))[
        "removed"
    ]
    shown = answered(digest("suppress", "show", AMAL, "--json"))
    assert shown["suppressed"] is None
    assert [(one["was"], one["why"]) for one in shown["removed"]] == [("admin", "asked to come back")]
    assert "is not suppressed" in str(digest("suppress", "remove", AMAL, "--reason", "again").exception)


def test_a_list_of_addresses_or_of_hashes_is_suppressed(digest: Digest, tmp_path: Path):
    (tmp_path / "old.csv").write_text(f"البريد\n{AMAL}\nnobody\n{AMAL}\n", encoding="utf-8")
    done = digest("suppress", "import", "old.csv", "--reason", "of the old program", "--json")
    assert done.exit_code == 2
    said = json.loads(done.stdout)
    assert (said["added"], said["known"], said["refused"], said["errors"][0]["line"]) == (1, 0, 1, 3)
    (tmp_path / "hashes.txt").write_text(sha256(BADR.encode()).hexdigest().upper() + "\n", encoding="utf-8")
    assert answered(digest("suppress", "import", "hashes.txt", "--hashes", "sha256", "--json"))["added"] == 1
    assert "must never be mailed" in str(digest("subscribers", "add", BADR).exception)
    given = digest("suppress", "list", "--json").stdout
    assert sha256(BADR.encode()).hexdigest() not in given
    (tmp_path / "own.jsonl").write_text(given, encoding="utf-8")
    assert answered(digest("suppress", "import", "own.jsonl", "--hashes", "own", "--json"))["known"] == 2
    (tmp_path / "none.txt").write_text("nothing\n", encoding="utf-8")
    assert "No hash stands in the file" in str(
        digest("suppress", "import", "none.txt", "--hashes", "own").exception
    )
