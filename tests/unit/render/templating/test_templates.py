"""Layouts: ours, and an admin's own in their sandbox."""

from pathlib import Path

import pytest

from digest.errors import ConfigError
from digest.render.edition import render
from digest.render.presenters.context import build_context
from digest.render.presenters.plan import DAILY
from digest.render.presenters.present import present
from digest.render.sandbox import fill_apart
from digest.render.templating.style import MailStyle
from digest.render.templating.templates import (
    FILES,
    LAYOUTS,
    NOTICES,
    Layout,
    Pages,
    fill,
    layout,
    templates_folder,
)
from tests.unit.render.editions import NOW, a_mail_style, an_edition

UNSUBSCRIBE = "{{ edition.footer.unsubscribe }}"
ENDLESS = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"


def written(folder: Path, **files: str) -> MailStyle:
    """Write a layout of the admin's own, whole but for the files given, and return a look with it."""
    own = folder / "mine"
    own.mkdir(exist_ok=True)
    (own / "subject.txt").write_text(files.get("subject", "{{ edition.subject }}"), encoding="utf-8")
    (own / "body.txt").write_text(files.get("text", "{% extends 'daily/body.txt' %}"), encoding="utf-8")
    (own / "body.html").write_text(files.get("html", "{% extends 'daily/body.html' %}"), encoding="utf-8")
    return a_mail_style(layout="mine", layouts=str(folder))


def filled(mail_style: MailStyle) -> Pages:
    """What the child process does, in this one."""
    view = present(an_edition(), build_context(mail_style, NOW), DAILY)
    chosen = layout(mail_style.layout, mail_style.layouts)
    return fill(chosen, {"edition": view, "frame": view.frame, "words": view.frame.words})


def test_each_mail_is_a_folder_of_three_files():
    folder = templates_folder() / "email"
    mails = {path.name for path in folder.iterdir() if path.name != "_base"}
    assert mails == {*LAYOUTS, *NOTICES}
    for name in mails:
        assert {path.name for path in (folder / name).iterdir()} == set(FILES)


def test_an_admin_s_layout_may_build_on_ours(tmp_path: Path):
    mail_style = written(
        tmp_path,
        html="{% extends 'daily/body.html' %}{% block title %}<h1>{{ frame.list_name }} الخاص</h1>{% endblock %}",
    )
    mail = render(an_edition(), mail_style, now=NOW)
    assert "موجز اليوم الخاص</h1>" in mail.html
    assert mail.html.startswith("<!DOCTYPE html>")
    assert "المجلس البلدي" in mail.text


@pytest.mark.parametrize(
    ("html", "where", "reason"),
    [
        ("<p>\n\n{{ stroy.headline }}", "line 3", "'stroy' is undefined"),
        ("<p>\n{{ edition.headlin }}", "line 2", "has no attribute 'headlin'"),
        ("{% if %}", "line 1", "Expected an expression"),
        ("<p>\n{% for a in edition.top %}", "line 2", "Unexpected end of template"),
        ("{{ edition.__class__ }}", "line 1", "unsafe"),
        ("{{ ''.__class__.__mro__ }}", "line 1", "unsafe"),
        ("{{ edition.top.append(1) }}", "line 1", "append"),
        ("{% set x = [] %}{{ x.append(1) }}", "line 1", "append"),
        ("{{ range(10**9) }}", "line 1", "Range too big"),
        ("{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}", "line 1", "without end"),
        ("{% include '../../../../etc/passwd' %}", "line 1", "no template"),
        ("{% include '/etc/passwd' %}", "line 1", "no template"),
        ("\n{{ 1 / 0 }}", "line 2", "ZeroDivisionError"),
        (
            "{% import '_base/parts.html' as parts with context %}{{ parts.lead(edition.gone) }}",
            "_base/parts.html",
            "gone",
        ),
    ],
)
def test_a_wrong_template_is_named_with_line_and_reason(tmp_path: Path, html: str, where: str, reason: str):
    with pytest.raises(ConfigError) as caught:
        filled(written(tmp_path, html=html))
    assert where in caught.value.message
    assert reason in caught.value.message
    assert caught.value.remedy


def test_an_error_in_the_child_process_arrives_as_it_was(tmp_path: Path):
    with pytest.raises(ConfigError, match=r"Template mine/body\.html, line 2: 'stroy' is undefined\."):
        render(an_edition(), written(tmp_path, html="\n{{ stroy }}"), now=NOW)


@pytest.mark.parametrize("loop", [ENDLESS, "{% set x = 7 ** (10 ** 9) %}"], ids=["loop", "power"])
def test_a_template_that_runs_for_ever_is_stopped(tmp_path: Path, loop: str):
    mail_style = written(tmp_path, html=loop)
    with pytest.raises(ConfigError, match=r"mine was stopped after 1 seconds\. .*loop"):
        fill_apart(layout("mine", mail_style.layouts), an_edition(), mail_style, DAILY, NOW, seconds=1)


def test_a_template_cannot_fill_the_memory(tmp_path: Path):
    with pytest.raises(ConfigError, match="too much memory"):
        render(an_edition(), written(tmp_path, html="{{ 'x' * 10**11 }}"), now=NOW)


def test_a_layout_that_makes_too_long_a_page_is_refused(tmp_path: Path):
    with pytest.raises(ConfigError, match="more than 4,000,000 characters"):
        render(an_edition(), written(tmp_path, html="{{ 'x' * 5000000 }}"), now=NOW)


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({"subject": " \n"}, "empty subject"),
        ({"text": "بلا رابط"}, r"body\.txt has no link to leave"),
        ({"html": "<!DOCTYPE html><p>بلا رابط"}, r"body\.html has no link to leave"),
        ({"html": f"<p>{UNSUBSCRIBE}"}, "does not begin with <!DOCTYPE html>"),
    ],
    ids=["subject", "text", "html", "doctype"],
)
def test_a_layout_without_what_every_mail_must_have_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: dict[str, str], reason: str
):
    mail_style = written(tmp_path, **files)
    pages = filled(mail_style)
    monkeypatch.setattr("digest.render.edition.fill_apart", lambda *_: pages)
    with pytest.raises(ConfigError, match=reason):
        render(an_edition(), mail_style, now=NOW)


def test_a_layout_that_is_not_there_is_named_with_those_that_are(tmp_path: Path):
    with pytest.raises(ConfigError, match=r"no layout 'yearly'\. Choose daily, weekly, breaking"):
        layout("yearly")
    with pytest.raises(ConfigError, match=r"no layout '\.\./secrets'"):
        layout("../secrets", str(tmp_path))


def test_a_layout_with_a_file_missing_says_which(tmp_path: Path):
    mail_style = written(tmp_path)
    (tmp_path / "mine" / "body.txt").unlink()
    with pytest.raises(ConfigError, match=r"mine has no body\.txt"):
        layout("mine", mail_style.layouts)


def test_our_names_cannot_be_taken(tmp_path: Path):
    (tmp_path / "daily").mkdir()
    assert layout("daily", str(tmp_path)) == Layout("daily", templates_folder() / "email", own=False)


def test_text_from_outside_is_never_read_as_a_template(tmp_path: Path):
    mail_style = written(tmp_path, html=f"<!DOCTYPE html>{{{{ frame.list_name }}}} {UNSUBSCRIBE}")
    page = filled(MailStyle(list_name="{{ 7 * 7 }}", layout="mine", layouts=mail_style.layouts)).html
    assert "{{ ٧ * ٧ }}" in page
