"""How a list's mail looks and speaks."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from digest.render.templating.theme import PLAIN, Theme


@dataclass(frozen=True, slots=True)
class Social:
    """A place where the list's makers are to be found: its name as shown, and an absolute address."""

    name: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MailStyle:
    """What a template needs to know besides the edition's content.

    `digits` is arab, arabext or latn; `months` default, levant, maghreb or morocco; `timezone` an IANA name.
    Addresses are absolute. `layouts` is the folder that holds layouts of the admin's own, each a folder of
    three files; empty when there are none. `keywords` are what the list's readers follow. `inliner` is a name
    that `digest.render.templating.inline.inlined` knows. `machine_label` says of a summary that a language
    model wrote it. Below `pictures_url` lie our own copies of pictures; empty when readers cannot open them.
    `hijri` shows the Hijri date beside the other; `headlines_only` no summaries; `left_out` stories are
    muted. `counts_clicks`: the footer says that links are counted; `counted` are the links instead of the
    outlets' addresses.
    """

    list_name: str
    language: str = "ar"
    layout: str = "daily"
    digits: str = "arab"
    months: str = "default"
    hijri_offset: int = 0
    timezone: str = "Asia/Riyadh"
    from_name: str = ""
    from_address: str = ""
    description: str = ""
    edition_url: str = ""
    archive_url: str = ""
    layouts: str = ""
    keywords: tuple[str, ...] = ()
    theme: Theme = PLAIN
    social: tuple[Social, ...] = ()
    postal_address: str = ""
    inliner: str = "premailer"
    machine_label: bool = True
    pictures_url: str = ""
    hijri: bool = True
    headlines_only: bool = False
    left_out: int = 0
    counts_clicks: bool = False
    counted: Mapping[str, str] = field(default_factory=dict)
