"""The other commands: sources, lists, subscribers, config, pipes."""

import json
from pathlib import Path

from digest.__main__ import COMMANDS
from tests.acceptance.conftest import Command
from tests.acceptance.sentences import sentences


def test_config_shows_every_setting_with_its_origin(digest: Command):
    done = digest("config", "--json", DIGEST_MAIL__HOST="smtp.example.org", DIGEST_MAIL__PASSWORD="hush")
    rows = {row["name"]: row for row in json.loads(done.stdout)}
    assert rows["mail.host"]["origin"] == "DIGEST_MAIL__HOST"
    assert rows["mail.port"]["origin"] == "default"
    assert "hush" not in done.stdout + done.stderr


def test_a_folder_becomes_a_source_and_goes_again(digest: Command, drop_box: Path):
    added = digest("sources", "add", str(drop_box), "--name", "صندوق الوارد")
    assert added.returncode == 0, added.stderr
    assert "افتتاح جسر المرفأ الجديد" in added.stdout
    assert "صندوق الوارد" in digest("sources", "list").stdout
    assert digest("sources", "check").returncode == 0
    assert digest("sources", "add", str(drop_box)).returncode == 2
    assert digest("sources", "remove", "صندوق الوارد").returncode == 0
    assert "There are no sources" in digest("sources", "list").stdout


def test_the_well_known_outlets_come_as_opml_and_go_out_as_opml(digest: Command, tmp_path: Path):
    first = digest("sources", "import")
    assert first.returncode == 0, first.stderr
    exported = digest("sources", "export").stdout
    assert exported.count("<outline") >= 20
    (tmp_path / "mine.opml").write_text(exported, encoding="utf-8")
    again = digest("sources", "import", "mine.opml")
    assert again.stdout.startswith("0 sources added")


def test_a_file_that_is_no_opml_is_said_so(digest: Command, tmp_path: Path):
    (tmp_path / "bad.opml").write_text("<opml><body>", encoding="utf-8")
    done = digest("sources", "import", "bad.opml")
    assert done.returncode == 2
    assert len(sentences(done.stderr)) == 1


def test_subscribers_come_in_and_go_out_as_csv(digest: Command, tmp_path: Path):
    (tmp_path / "people.csv").write_bytes(
        "\ufeffالاسم;البريد\nأمل;Amal@Mujaz.example\nبدر;badr@mujaz.example\nلا أحد;no address\nأمل;amal@mujaz.example\n".encode()
    )
    done = digest("subscribers", "import", "people.csv")
    assert done.returncode == 2, done.stderr
    assert "2 added" in done.stdout
    assert "line 4" in done.stdout
    exported = digest("subscribers", "export").stdout.splitlines()
    assert len(exported) == 3
    assert any(line.startswith("amal@mujaz.example,أمل,confirmed") for line in exported)


def test_somebody_who_was_removed_is_not_imported_again(digest: Command, tmp_path: Path):
    assert digest("subscribers", "add", "badr@mujaz.example").returncode == 0
    assert digest("subscribers", "remove", "BADR@mujaz.example").returncode == 0
    (tmp_path / "people.csv").write_text("email\nbadr@mujaz.example\n", encoding="utf-8")
    assert "1 must not be mailed" in digest("subscribers", "import", "people.csv").stdout
    assert "Nobody subscribes" in digest("subscribers", "list").stdout


def test_an_address_that_is_none_is_said_so(digest: Command):
    done = digest("subscribers", "add", "not an address")
    assert done.returncode == 2
    assert "no e-mail address" in done.stderr


def test_lists_are_made_shown_and_removed(digest: Command):
    made = digest(
        "lists", "add", "sahel", "--name", "نشرة الساحل", "--timezone", "Asia/Beirut", "--send-at", "07:15"
    )
    assert made.returncode == 0, made.stderr
    assert "نشرة الساحل" in digest("lists", "list").stdout
    assert digest("lists", "add", "sahel").returncode == 2
    assert digest("lists", "add", "mars", "--timezone", "Mars/Base").returncode == 2
    assert digest("lists", "remove", "sahel", "--yes").returncode == 0
    assert digest("lists", "remove", "sahel", "--yes").returncode == 2


def test_every_pipe_answers_each_line_and_a_bad_line_stops_nothing(digest: Command):
    article = {
        "id": "a",
        "title": "افتتاح جسر المرفأ الجديد",
        "text": "افتتحت هيئة الطرق جسر المرفأ الجديد بطول ١٢٠٠ متر بعد ثلاث سنوات من العمل المتواصل.",
        "published_at": "2026-01-05T08:00:00+00:00",
        "source": "صحيفة المرفأ",
        "max_words": 20,
    }
    for name, key in (
        ("classify", "section"),
        ("cluster", "story"),
        ("summarize", "sentences"),
        ("extract", "title"),
    ):
        done = digest(
            "tool", name, stdin=f"{json.dumps(article)}\nno json\n\n{json.dumps(article | {'id': 'b'})}\n"
        )
        assert done.returncode == 0, done.stderr
        answers = [json.loads(line) for line in done.stdout.splitlines()]
        assert [answer["id"] for answer in answers] == ["a", None, "b"], name
        assert answers[0][key], name
        assert "error" in answers[1]


def test_an_unknown_command_ends_with_2(digest: Command):
    assert digest("sing").returncode == 2


def test_an_admin_chooses_for_a_reader_who_asked(digest: Command):
    digest("subscribers", "add", "amal@mujaz.example")
    done = digest(
        "subscribers", "set", "amal@mujaz.example", "--sections", "sport, economy", "--frequency", "weekly"
    )
    assert done.stdout == "amal@mujaz.example gets it weekly: economy, sport.\n", done.stderr
    assert "all sections" in digest("subscribers", "set", "amal@mujaz.example", "--sections", "all").stdout
    unknown = digest("subscribers", "set", "amal@mujaz.example", "--sections", "gardens")
    assert unknown.returncode == 2
    assert "no section gardens. It has politics" in unknown.stderr
    assert digest("subscribers", "set", "badr@mujaz.example", "--frequency", "weekly").returncode == 2


def test_the_help_names_every_command(digest: Command):
    listed = {line.split()[1] for line in digest("--help").stdout.splitlines() if line.startswith("│ ")}
    assert set(COMMANDS) <= listed
