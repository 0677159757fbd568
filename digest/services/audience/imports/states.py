"""What a file says of a person: to be mailed, left, never to be mailed, or never confirmed (pure)."""

from enum import IntEnum

from digest.errors import PeopleFileError
from digest.services.audience.imports.addresses import unseen_removed
from digest.text.words.normalise import ascii_digits, fold
from digest.text.words.short_cache import cached_when_short

LONGEST_WORD = 64
"""Letters of what is remembered: a file says the same few words in every row."""


class FileState(IntEnum):
    """How a file says that a person stands. Of several the greatest holds: who left once is not mailed."""

    CONFIRMED = 0
    UNCONFIRMED = 1
    LEFT = 2
    BOUNCED = 3
    BLOCKED = 4


_WORDS = {
    FileState.CONFIRMED: "confirmed subscribed subscriber active activated enabled optin opted in opt-in single opt-in double opt-in "
    "regular member free paid comped premium gifted trialing verified valid ok yes y true t on 1 x ✓ ✔ "
    "مشترك مشتركه موكد مفعل مفعله نشط نشطه فعال نعم صحيح فعال بله عضو ابونه",
    FileState.UNCONFIRMED: "unconfirmed|pending|not confirmed|unverified|waiting|awaiting confirmation|unactivated|validating|invited|transactional|"
    "never subscribed|never_subscribed|nonsubscribed|non-subscribed|not subscribed yet|needs opt in|needs opt-in|new|requested|"
    "غير موكد|معلق|قيد الانتظار|بانتظار التاكيد|لم يوكد|تایید نشده|در انتظار",
    FileState.LEFT: "left|unsubscribed|unsubscribe|unsub|removed|deleted|cancelled|canceled|inactive|disabled|opted out|optedout|opt out|opt-out|"
    "optout|not subscribed|no|n|false|f|off|none|archived|deactivated|churned|expired|paused|stopped|suspended|stop|0|"
    "غير مشترك|غير مشتركه|الغي|ملغي|ملغى|ملغاه|الغي الاشتراك|الغاء الاشتراك|الغى الاشتراك|الغت الاشتراك|الغى اشتراكه|الغي اشتراكه|غادر|غادرت|"
    "منسحب|متوقف|موقوف|غير نشط|غير نشطه|غير فعال|غير مفعل|محذوف|لا|خطا|لغو شده|لغو اشتراك|خیر|غیرفعال|"
    "abgemeldet|desabonne|désabonné|desinscrit|dado de baja|baja",
    FileState.BOUNCED: "bounced|bounce|hard bounced|hard bounce|hardbounced|hardbounce|hard-bounced|hard-bounce|soft bounced|soft bounce|cleaned|"
    "unreachable|undeliverable|invalid|invalid email|dead|failed|bad|not found|rejected|"
    "مرتد|ارتد|مرتجع|ارتداد|ملغم|غير صالح|غير موجود|تعذر التسليم|برگشتی|نامعتبر",
    FileState.BLOCKED: "blocklisted|blacklisted|blocked|banned|suppressed|complained|complaint|complaints|spam|junk|marked as spam|abuse|spam complaint|"
    "spammy|reported spam|reported as spam|do not mail|do not contact|global unsubscribe|blocklist|blacklist|"
    "محظور|محظوره|ممنوع|حظر|قائمه الحظر|القائمه السوداء|شكوي|اشتكي|بريد مزعج|مزعج|مسدود",
}
_NUMBERS = {
    "2": FileState.LEFT,
    "3": FileState.BOUNCED,
    "4": FileState.BLOCKED,
    "5": FileState.BLOCKED,
    "-1": FileState.LEFT,
}
"""Mailtrain's numbers, which ActiveCampaign's agree with."""
_NOTHING = frozenset(
    {
        "",
        "-",
        "—",
        "0",
        "no",
        "false",
        "f",
        "n",
        "off",
        "none",
        "null",
        "nil",
        "لا",
        "0000-00-00 00:00:00",
        "n/a",
    }
)
AMBIGUOUS = frozenset({"1", "0", "2", "3", "4", "5", "-1", "x", "y", "n", "t", "f", "on", "in", "off", "no", "yes", "new", "none", "ok", "free",
                       "نعم", "لا", "valid", "invalid", "member", "dead", "bad", "true", "false", "عضو", "stop", "regular"})  # fmt: skip
"""Words that tell a state only in a column whose name says that it does."""


@cached_when_short(2048, longest=LONGEST_WORD)
def said(cell: str) -> str:
    """Return a cell as states are compared: folded, without marks."""
    text = unseen_removed(cell).strip(" .،؛;\"'«»").replace("_", " ")
    return " ".join(ascii_digits(fold(text)).split())


def _table() -> dict[str, FileState]:
    found: dict[str, FileState] = {}
    for state, words in _WORDS.items():
        for word in words.split("|") if "|" in words else words.split():
            found[said(word)] = state
    for word in ("opted in", "opt in", "opt-in", "single opt-in", "double opt-in", "double opt in"):
        found[word] = FileState.CONFIRMED
    for stray in ("in", "single", "double"):
        found.pop(stray, None)
    return found | _NUMBERS


STATES = _table()


def state_of(cell: str, column: str) -> FileState:
    """Return what a cell of a column of states says.

    Raises:
        PeopleFileError: it says nothing, or nothing that is known.
    """
    if (found := STATES.get(cell)) is not None:
        return found  # nearly all cells are such a word as it stands
    word = said(cell)
    if not word:
        raise PeopleFileError(
            "no_state",
            f"The column «{column}» does not say whether this person is subscribed.",
            about={"column": column},
        )
    if (found := STATES.get(word)) is not None:
        return found
    # Of several states, as of several lists, the worst holds.
    parts = [STATES.get(one.strip()) for one in word.replace("/", ",").replace("+", ",").split(",")]
    known = [one for one in parts if one is not None]
    if len(known) == len(parts) > 1:
        return max(known)
    raise PeopleFileError(
        "state",
        f"{word[:60]!r} in the column «{column}» is no state that is known.",
        about={"said": word[:60], "column": column},
    )


def is_set(cell: str) -> bool:
    """Say whether a cell of a column such as «blacklisted» or «unsubscribed at» holds a yes or a time."""
    return said(cell) not in _NOTHING
