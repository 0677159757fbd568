"""The words of the mails that ask people to look at an edition, in Arabic and English. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from digest.model import ApprovalMailKind
from digest.text.dates import calendar
from digest.text.numbers import numerals

SUBJECTS = {
    ("asks", "ar"): "العدد {number} من «{list}» ينتظر اعتمادك",
    ("asks", "en"): "Edition {number} of {list} waits for your approval",
    ("reminds", "ar"): "اقترب موعد العدد {number} من «{list}» ولم يعتمده أحد",
    ("reminds", "en"): "Edition {number} of {list} is due soon, and nobody has approved it",
    ("held", "ar"): "حُجز العدد {number} من «{list}»: حلّ موعده ولم يعتمده أحد",
    ("held", "en"): "Edition {number} of {list} is held: its time came and nobody had approved it",
}
TO_EDIT = {
    "ar": "العدد {number} من «{list}» جاهز للتحرير",
    "en": "Edition {number} of {list} is ready for editing",
}
"""The subject for who edits and does not approve."""
WHEN = {
    ("asks", "ar"): "موعد إرساله {due}.",
    ("asks", "en"): "It is due {due}.",
    ("reminds", "ar"): "موعد إرساله {due}.",
    ("reminds", "en"): "It is due {due}.",
    ("held", "ar"): "كان موعده {due}. ما زال بالإمكان اعتماده، فيُرسل بعد مهلة التراجع.",
    ("held", "en"): "It was due {due}. It can still be approved, and goes out after the cooling-off.",
}
ANYWAY = {
    (True, "ar"): "إن لم يعتمده أحد حتى ذلك الحين أُرسل كما هو.",
    (True, "en"): "If nobody approves it until then, it goes out as it is.",
    (False, "ar"): "لن يُرسل ما لم يعتمده أحد.",
    (False, "en"): "It does not go out unless somebody approves it.",
}
STORIES = {"ar": "أبرز ما فيه:", "en": "Its main stories:"}
OPENS = {
    (True, "ar"): "راجعه وحرّره واعتمده من هنا (لا يكفي فتح الرابط لاعتماده):",
    (True, "en"): "Look at it, edit and approve it here (opening the link approves nothing):",
    (False, "ar"): "راجعه وحرّره من هنا:",
    (False, "en"): "Look at it and edit it here:",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedAbout:
    """What a mail says of an edition. `due_at` is in the list's zone, `goes_anyway` whether it goes out
    without approval.
    """

    list_name: str
    number: int
    due_at: datetime
    headlines: Sequence[str]
    url: str
    goes_anyway: bool
    may_approve: bool
    digits: str


def written(kind: ApprovalMailKind, language: str, about: AskedAbout) -> tuple[str, str]:
    """Return subject and text of a mail of that kind."""
    spoken = language if language in STORIES else "ar"
    digits = numerals.fitting(spoken, about.digits)
    due = _moment(about.due_at, spoken, digits)
    named = {"number": numerals.numeral(str(about.number), digits), "list": about.list_name, "due": due}
    subject = (
        SUBJECTS[kind, spoken] if about.may_approve or kind is not ApprovalMailKind.ASKS else TO_EDIT[spoken]
    )
    when = WHEN[kind, spoken].format(**named)
    if kind is not ApprovalMailKind.HELD:
        when += " " + ANYWAY[about.goes_anyway, spoken]
    paragraphs = [subject.format(**named) + ".", when]
    if about.headlines:
        paragraphs.append("\n".join((STORIES[spoken], *(f"- {one}" for one in about.headlines))))
    paragraphs.append(f"{OPENS[about.may_approve, spoken]}\n\n{about.url}")
    return subject.format(**named), "\n\n".join(paragraphs) + "\n"


def _moment(at: datetime, language: str, digits: str) -> str:
    day = calendar.long_date(at.date(), language, "default", digits)
    return f"{day} {calendar.clock(at, language, digits)}"
