"""`digest run`, from a folder of articles to a mailbox."""

import email
import json
from email import policy
from pathlib import Path

from tests.acceptance.conftest import Command
from tests.acceptance.sentences import sentences


def letters(folder: Path) -> list[email.message.EmailMessage]:
    kept = sorted((folder / "out" / "mailbox").rglob("*")) if (folder / "out" / "mailbox").exists() else []
    return [
        email.message_from_bytes(path.read_bytes(), policy=policy.default) for path in kept if path.is_file()
    ]  # type: ignore[misc]


def test_one_command_makes_a_digest_and_mails_it_to_sample_readers(cold_digest: Command, tmp_path: Path):
    done = cold_digest("run", "--demo")
    assert done.returncode == 0, done.stderr
    mailed = letters(tmp_path)
    assert len(mailed) == 3
    assert {str(letter["To"]).rpartition("<")[2].rstrip(">") for letter in mailed} == {
        "amal@mujaz.example",
        "badr@mujaz.example",
        "salma@mujaz.example",
    }
    for letter in mailed:
        html = letter.get_body(("html",)).get_content()  # type: ignore[union-attr]
        assert 'dir="rtl"' in html
        # The pages of a trial are not https: nobody could leave by one click.
        assert letter["List-Unsubscribe-Post"] is None
        assert "/unsubscribe/" in letter["List-Unsubscribe"]
        assert "__MUJAZ" not in html
    assert "3 sent" in done.stdout


def test_a_second_run_for_the_same_date_mails_nobody_and_says_so(digest: Command, tmp_path: Path):
    assert digest("run", "--demo").returncode == 0
    again = digest("run", "--demo")
    assert again.returncode == 0, again.stderr
    assert "nobody was mailed again" in again.stdout
    assert len(letters(tmp_path)) == 3


def test_a_dry_run_writes_the_preview_and_mails_nobody(digest: Command, drop_box: Path, tmp_path: Path):
    assert digest("subscribers", "add", "amal@mujaz.example").returncode == 0
    done = digest("run", "--source", str(drop_box), "--dry-run")
    assert done.returncode == 0, done.stderr
    for name in ("preview.html", "preview.txt", "preview.eml"):
        assert (tmp_path / "out" / name).stat().st_size > 500
    assert letters(tmp_path) == []


def test_json_is_the_edition_alone(digest: Command, drop_box: Path):
    done = digest("run", "--source", str(drop_box), "--dry-run", "--json")
    assert done.returncode == 0, done.stderr
    edition = json.loads(done.stdout)
    assert set(edition) == {"list", "number", "date", "opening", "sections"}
    by_key = {section["key"]: section for section in edition["sections"]}
    assert set(by_key) == {"economy", "sport"}
    story = by_key["economy"]["stories"][0]
    assert story["headline"] == "افتتاح جسر المرفأ الجديد أمام الشاحنات"
    assert story["articles"][0]["source"] == "صحيفة المرفأ"
    assert len(story["articles"][0]["paragraphs"]) == 2
    assert all(
        any(sentence in text for text in story["articles"][0]["paragraphs"]) for sentence in story["summary"]
    )


def test_a_test_send_goes_to_one_address_and_leaves_no_trace_in_the_books(
    digest: Command, drop_box: Path, tmp_path: Path
):
    done = digest("run", "--source", str(drop_box), "--to", "editor@mujaz.example")
    assert done.returncode == 0, done.stderr
    mailed = letters(tmp_path)
    assert [str(letter["To"]) for letter in mailed] == ["editor@mujaz.example"]
    assert str(mailed[0]["Subject"]).startswith("[تجربة]")
    assert "no editions yet" in digest("editions", "list").stdout


def test_without_sources_it_says_how_to_get_some(digest: Command):
    done = digest("run")
    assert done.returncode == 2
    assert "digest sources add" in done.stderr
    assert len(sentences(done.stderr)) == 1


def test_without_subscribers_nothing_is_sent_and_it_says_how_to_add_one(
    digest: Command, drop_box: Path, tmp_path: Path
):
    done = digest("run", "--source", str(drop_box))
    assert done.returncode == 4
    assert "digest subscribers add" in done.stderr
    assert letters(tmp_path) == []
    assert "no editions yet" in digest("editions", "list").stdout


def test_an_empty_folder_is_nothing_to_send(digest: Command, tmp_path: Path):
    (tmp_path / "empty").mkdir()
    done = digest("run", "--source", str(tmp_path / "empty"))
    assert done.returncode == 4
    assert len(sentences(done.stderr)) == 1


def test_no_articles_on_that_date_is_nothing_to_send(digest: Command, drop_box: Path):
    done = digest("run", "--source", str(drop_box), "--date", "2019-03-04")
    assert done.returncode == 4
    assert "2019-03-04" in done.stderr


def test_a_source_that_is_not_there_is_said_so(digest: Command, tmp_path: Path):
    done = digest("run", "--source", str(tmp_path / "nowhere"))
    assert done.returncode == 2
    assert "nowhere" in done.stderr


def test_an_unreachable_source_is_said_so_and_exits_3(digest: Command):
    done = digest(
        "run", "--source", "http://127.0.0.1:9/feed.xml", DIGEST_COLLECT__ALLOW_HOSTS='["127.0.0.1:9"]'
    )
    assert done.returncode == 3
    assert len(sentences(done.stderr)) == 1


def test_a_private_address_is_refused(digest: Command):
    done = digest("run", "--source", "http://127.0.0.1/feed.xml")
    assert done.returncode == 3
    assert "127.0.0.1" in done.stderr


def test_a_broken_feed_does_not_stop_the_others(digest: Command, drop_box: Path):
    (drop_box / "broken.xml").write_text("this is no feed", encoding="utf-8")
    done = digest("run", "--source", str(drop_box), "--dry-run")
    assert done.returncode == 0, done.stderr
    assert "broken.xml" in done.stdout


def test_a_wrong_date_is_said_so(digest: Command):
    done = digest("run", "--date", "tomorrow")
    assert done.returncode == 2
    assert "YYYY-MM-DD" in done.stderr


def test_a_server_that_is_away_leaves_everybody_waiting(digest: Command, drop_box: Path, tmp_path: Path):
    assert digest("subscribers", "add", "amal@mujaz.example").returncode == 0
    away = {"DIGEST_MAIL__HOST": "127.0.0.1", "DIGEST_MAIL__PORT": "9", "DIGEST_MAIL__TLS": "none"}
    done = digest("run", "--source", str(drop_box), **away)
    assert done.returncode == 7
    assert len(sentences(done.stderr)) == 1
    assert "1 waiting" in digest("editions", "status", "1").stdout


def test_a_folder_where_the_database_cannot_be_is_said_so(digest: Command):
    done = digest("lists", "add", "daily", DIGEST_DATABASE__URL="sqlite:////nowhere/at/all/subscribers.db")
    assert done.returncode == 6
    assert len(sentences(done.stderr)) == 1


def test_a_wrong_setting_ends_with_2(digest: Command):
    done = digest("config", DIGEST_MAIL__PORT="many")
    assert done.returncode == 2
    assert "mail.port" in done.stderr
