"""What columns are called, in Arabic, English and Persian, and by other programs (pure)."""

import re

from digest.services.audience.imports.addresses import unseen_removed
from digest.text.words.normalise import fold

_ADDRESS = frozenset(
    [
        "email",
        "e mail",
        "mail",
        "email address",
        "e mail address",
        "email id",
        "emailaddress",
        "e mail 1 value",
        "e mail 1",
        "email 1",
        "e mail value",
        "email value",
        "primary email",
        "subscriber email",
        "subscriber",
        "member email",
        "contact email",
        "user email",
        "work email",
        "email primary",
        "e mail address 1",
        "courriel",
        "correo",
        "correo electronico",
        "adresse e mail",
        "e mail adresse",
        "epost",
        "eposta",
        "e posta",
        "البريد",
        "البريد الالكتروني",
        "بريد",
        "بريد الكتروني",
        "بريدك الالكتروني",
        "الايميل",
        "ايميل",
        "عنوان البريد",
        "عنوان البريد الالكتروني",
        "عنوان الايميل",
        "بريد المشترك",
        "البريد الاليكتروني",
        "البريد الإلكترونى",
        "ايميل المشترك",
        "عنوان بريدك",
        "العنوان البريدي الالكتروني",
        "الاميل",
        "اميل",
        "ایمیل",
        "ايميل",
        "پست الکترونیک",
        "پست الكترونيك",
        "نشاني ايميل",
        "نشانی ایمیل",
        "رایانامه",
        "راياناما",
        "ای میل",
        "اي ميل",
        "برید",
    ]
)
_MAYBE_ADDRESS = frozenset(
    {"address", "addr", "العنوان", "عنوان", "to", "recipient", "contact", "user", "username", "login"}
)
_NAME = frozenset(
    [
        "name",
        "full name",
        "fullname",
        "display name",
        "subscriber name",
        "contact name",
        "member name",
        "user name",
        "your name",
        "nom",
        "nombre",
        "nome",
        "الاسم",
        "اسم",
        "الاسم الكامل",
        "الاسم بالكامل",
        "اسم المشترك",
        "اسم المشتركه",
        "اسم المستلم",
        "اسم العضو",
        "الاسم كاملا",
        "الاسم الثلاثي",
        "الاسم الرباعي",
        "اسم كامل",
        "المشترك",
        "نام",
        "نام كامل",
        "نام کامل",
        "نام و نام خانوادگي",
        "نام و نام خانوادگی",
        "نام مشترك",
        "پورا نام",
    ]
)
_FIRST = frozenset(
    [
        "first name",
        "firstname",
        "fname",
        "given name",
        "givenname",
        "first",
        "forename",
        "prenom",
        "vorname",
        "الاسم الاول",
        "الاول",
        "اسم الشخص",
        "نام كوچك",
        "نام کوچک",
    ]
)
_LAST = frozenset(
    [
        "last name",
        "lastname",
        "lname",
        "surname",
        "family name",
        "familyname",
        "last",
        "nachname",
        "اسم العائله",
        "العائله",
        "الاسم الاخير",
        "اللقب",
        "الكنيه",
        "اسم الاسره",
        "نام خانوادگي",
        "نام خانوادگی",
        "فاميلي",
    ]
)
_STATE = frozenset(
    [
        "state",
        "status",
        "subscribed",
        "subscription",
        "subscription status",
        "subscriber status",
        "subscription state",
        "list status",
        "member status",
        "email status",
        "subscribed to emails",
        "subscribed to email",
        "is subscribed",
        "issubscribed",
        "active",
        "is active",
        "enabled",
        "is enabled",
        "confirmed",
        "is confirmed",
        "verified",
        "optin",
        "opt in",
        "opted in",
        "optin status",
        "opt in status",
        "email marketing",
        "email marketing consent",
        "accepts marketing",
        "accepts email marketing",
        "marketing status",
        "consent status",
        "marketing",
        "newsletter",
        "subscriber type",
        "contact status",
        "mail status",
        "delivery status",
        "subscriber state",
        "email state",
        "email permission status",
        "email subscription status",
        "current status",
        "الحاله",
        "حاله",
        "حاله الاشتراك",
        "حاله المشترك",
        "حاله البريد",
        "حاله العضو",
        "وضع الاشتراك",
        "الوضع",
        "مشترك",
        "مشتركه",
        "مشترك؟",
        "الاشتراك",
        "مفعل",
        "نشط",
        "موكد",
        "فعال",
        "وضعيت",
        "وضعیت",
        "وضعيت اشتراك",
        "مشترك است",
        "اشتراك",
        "حيثيت",
        "abonniert",
        "statut",
        "estado",
        "stato",
    ]
)
_PERHAPS = frozenset({
    "consent", "email consent", "marketing consent", "gdpr consent", "has consent", "consent given",
    "permission", "email permission", "permission status", "email opt in", "email optin",
    "opt in email", "newsletter opt in", "newsletter subscription", "newsletter subscriber",
    "is subscriber", "receives newsletter", "receive newsletter", "wants newsletter", "receive emails",
    "receives emails", "accepts emails", "accepts newsletter", "agreed", "الموافقه", "موافق", "موافقه",
    "موافق على الاستلام", "النشره البريديه", "استلام النشره", "يستلم النشره",
})  # fmt: skip
"""Columns of states where nothing but states stands in them: evidence of a consent may stand there as
well.
"""
_WHEN_OR_WHY = (
    r"(?: (?:at|on|time|date|campaign title|reason|reason other"
    r"|(?:from|of) (?:all |bulk |mass )?(?:e ?mails?|mailings?|marketing|newsletters?|lists?|everything)))?"
)
_LEFT = re.compile(
    r"^(?:is |has |date |user )?(?:unsub(?:scribed?|scription)?|opt(?:ed)? ?out|left|deleted|removed|archived|suspended|deactivated"
    rf"|cancell?ed|withdrawn|(?:e ?mails? |account )?disabled|inactive){_WHEN_OR_WHY}$"
    r"|^(?:e ?mail|marketing|newsletter) ?opt ?out$|^optout time$|unsubscribed from all"
    r"|^(?:تاريخ |وقت |سبب |تم )?(?:الغاء الاشتراك|المغادره|الانسحاب)$|^(?:ملغي|ملغى|محذوف|غادر|غير مشترك|غير نشط|غير مفعل|منسحب)$|^لغو اشتراك$"
)
_BOUNCED = re.compile(
    r"^(?:is |has |email |hard |soft )*(?:bounced?|clean(?:ed)?)(?: (?:at|on|time|date|campaign title|reason))?$|^stopped$|^hardbounced$"
    r"|^(?:تاريخ )?(?:الارتداد|ارتداد|مرتد)$"
)
_BLOCKED = re.compile(
    r"^(?:is |has |e?mail )*(?:blacklist(?:ed)?|blocklist(?:ed)?|blocked|banned|suppress(?:ed|ions?)|complain(?:ed|t)?|spam|junk|do not (?:mail|contact|email)"
    r"|dnc|dne|no (?:e ?)?mails?)"
    r"(?: (?:at|on|time|date|reason|email))?$|^email ?(?:black|block)listed$|^(?:محظور|القائمه السوداء|الحظر|ممنوع|شكوي)$"
)
_SEPARATORS = re.compile(r"[\s_\-./:：*#?؟!()\[\]\"'«»]+")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")


def known_as(header: str) -> str:
    """Return a column's name as names are compared."""
    return " ".join(_SEPARATORS.sub(" ", fold(_HUMP.sub(" ", unseen_removed(header)))).split())


_KNOWN = {
    role: frozenset(known_as(name) for name in names)
    for role, names in (
        ("email", _ADDRESS),
        ("maybe", _MAYBE_ADDRESS),
        ("name", _NAME),
        ("first", _FIRST),
        ("last", _LAST),
        ("state", _STATE),
        ("perhaps", _PERHAPS),
    )
}
_FLAGS = (("left", _LEFT), ("bounced", _BOUNCED), ("blocked", _BLOCKED))


def role_of(title: str) -> str:
    """Return what a column's name says that it is: email, maybe, name, first, last, state, perhaps (a state),
    left, bounced, blocked or "".
    """
    name = known_as(title)
    for role, names in _KNOWN.items():
        if name in names:
            return role
    for role, pattern in _FLAGS:
        if pattern.search(name):
            return role
    return ""
