"""rtl-mail-lint: checks of a mail that any sender of right-to-left mail can use, on a file or in pytest.

    from digest.render.checks import assert_clean, check_mail

    def test_our_newsletter():
        assert_clean(Path("newsletter.eml").read_bytes())

The rules are in rules.toml and docs/reference/lint.md; what each is worth was measured in
docs/why/rtl-mail.md.
"""

from collections.abc import Collection

from digest.render.checks import colour, direction, headers, markup, message, page, support, text
from digest.render.checks.finding import LintFinding, LintRule, Severity, rules

__all__ = ["LintFinding", "LintRule", "Severity", "assert_clean", "check_mail", "rules"]


def check_mail(
    content: bytes, *, name: str = "", baseline: Collection[str] | None = None
) -> list[LintFinding]:
    """Return what is wrong with a mail (.eml), or with a bare HTML file; errors first, then by line.

    `baseline` are caniemail's names of features that are accepted; the ones that ship with Mujaz when left
    out.

    Raises:
        InputError: the content is neither a mail nor HTML.
    """
    one = message.read(content, name)
    shown = page.read(one.html or "")
    findings = [
        *direction.check(shown),
        *markup.check(shown, one.subject),
        *colour.check(shown),
        *support.check(shown, baseline),
    ]
    if one.is_mail:
        findings += [*headers.check(one, shown), *text.check(one.text, shown)]
    return sorted(findings, key=lambda found: (found.rule.severity is not Severity.ERROR, found.line or 0))


def assert_clean(content: bytes, *, name: str = "", warnings: bool = True) -> None:
    """Raise an AssertionError that lists the findings, if there are any; `warnings` False looks at errors
    only.
    """
    findings = [
        found for found in check_mail(content, name=name) if warnings or found.rule.severity is Severity.ERROR
    ]
    if findings:
        raise AssertionError("\n".join(str(found) for found in findings))
