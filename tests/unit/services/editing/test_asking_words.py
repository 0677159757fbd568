"""The mails that ask people to look at an edition."""

from datetime import UTC, datetime

import pytest

from digest.model import ApprovalMailKind
from digest.services.editions.lifecycle.asking_words import AskedAbout, written

URL = "https://news.example/desk/lists/daily/editions/7"


def about(**fields: object) -> AskedAbout:
    return AskedAbout(
        **{
            "list_name": "موجز اليوم",
            "number": 7,
            "due_at": datetime(2026, 1, 5, 6, 30, tzinfo=UTC),
            "headlines": ["افتتاح جسر المرفأ"],
            "url": URL,
            "goes_anyway": False,
            "may_approve": True,
            "digits": "arab",
            **fields,
        }  # type: ignore[arg-type]
    )


@pytest.mark.parametrize("kind", ApprovalMailKind)
@pytest.mark.parametrize("language", ["ar", "en", "fa"])
def test_each_says_which_edition_when_and_where(kind: ApprovalMailKind, language: str):
    subject, text = written(kind, language, about())
    assert "موجز اليوم" in subject
    assert ("٧" if language != "en" else "7") in subject
    assert text.rstrip().endswith(URL)
    assert "افتتاح جسر المرفأ" in text
    assert "{" not in subject + text


def test_it_says_what_happens_without_an_approval_and_that_a_link_approves_nothing():
    assert "لن يُرسل ما لم يعتمده أحد" in written(ApprovalMailKind.ASKS, "ar", about())[1]
    assert "أُرسل كما هو" in written(ApprovalMailKind.ASKS, "ar", about(goes_anyway=True))[1]
    assert "لا يكفي فتح الرابط" in written(ApprovalMailKind.ASKS, "ar", about())[1]


def test_who_only_edits_is_not_asked_to_approve():
    subject, text = written(ApprovalMailKind.ASKS, "ar", about(may_approve=False))
    assert "جاهز للتحرير" in subject
    assert "واعتمده" not in text
