"""`digest lint` and `digest lists set`, as a person would use them."""

import json
from pathlib import Path

from tests.acceptance.conftest import Command
from tests.acceptance.sentences import sentences
from tests.unit.render.checks.clean_mail import changed, mail


def test_a_clean_mail_ends_with_0_and_a_broken_one_with_1(digest: Command, tmp_path: Path):
    (tmp_path / "clean.eml").write_bytes(mail())
    (tmp_path / "broken.eml").write_bytes(changed(' alt="الجسر عند الفجر"', ""))
    clean = digest("lint", "clean.eml")
    assert (clean.returncode, clean.stdout) == (0, "No finding.\n")
    broken = digest("lint", "clean.eml", "broken.eml")
    assert broken.returncode == 1
    assert broken.stdout.startswith("broken.eml: error: image-alt: line ")
    rows = json.loads(digest("lint", "broken.eml", "--json").stdout)
    assert [row["rule"] for row in rows] == ["image-alt"]
    assert rows[0]["remedy"]


def test_a_warning_fails_only_when_asked_to(digest: Command, tmp_path: Path):
    (tmp_path / "mail.eml").write_bytes(changed("font-size:20px", "font-size:20px;object-fit:cover"))
    assert digest("lint", "mail.eml").returncode == 0
    assert digest("lint", "--strict", "mail.eml").returncode == 1
    (tmp_path / "own.txt").write_text("css-object-fit\ncss-at-media-prefers-color-scheme\n", encoding="utf-8")
    assert digest("lint", "--strict", "--baseline", "own.txt", "mail.eml").returncode == 0


def test_a_file_that_is_no_mail_is_said_so(digest: Command, tmp_path: Path):
    (tmp_path / "x.bin").write_bytes(b"\x00")
    done = digest("lint", "x.bin")
    assert done.returncode == 2
    assert len(sentences(done.stderr)) == 1
    assert digest("lint", "nowhere.eml").returncode == 2


def test_a_lists_look_is_set_and_checked(digest: Command):
    assert digest("lists", "add", "sahel", "--name", "نشرة الساحل").returncode == 0
    done = digest(
        "lists", "set", "sahel", "layout=weekly", "weekdays=[5]", 'theme={"light": {"accent": "#14532d"}}'
    )
    assert done.returncode == 0, done.stderr
    shown = json.loads(digest("lists", "show", "sahel").stdout)
    assert (shown["layout"], shown["weekdays"], shown["theme"]["light"]["accent"]) == (
        "weekly",
        [5],
        "#14532d",
    )
    pale = digest("lists", "set", "sahel", 'theme={"light": {"ink": "#dddddd"}}')
    assert pale.returncode == 2
    assert "contrast" in pale.stderr
    assert digest("lists", "set", "sahel", "layout").returncode == 2
    assert digest("lists", "set", "nowhere", "layout=daily").returncode == 2
