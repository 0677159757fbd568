"""Settings: defaults, then digest.toml, then DIGEST_* variables.

A group is a class: of mail in `mail.py`, of sign-up in `signup.py`, of the desk in `desk.py`, all else in
`work.py`; `tree.py` names them. A nested name is written `DIGEST_MAIL__HOST`. Every setting may come from a
file instead: `DIGEST_MAIL__PASSWORD_FILE=/run/secrets/smtp`.
"""

from digest.settings.api import ApiSettings, ChannelSettings
from digest.settings.desk import DeskSettings
from digest.settings.group import Group
from digest.settings.loading import Loaded, Origin, load
from digest.settings.mail import (
    BounceSettings,
    Connecting,
    DkimSettings,
    MailboxSettings,
    MailServer,
    MailSettings,
    PacingSettings,
)
from digest.settings.tree import Settings, names, variable
from digest.settings.work import (
    AlarmSettings,
    CollectSettings,
    DatabaseSettings,
    KeySettings,
    RetentionSettings,
    RunSettings,
    SummarizeSettings,
    WebSettings,
)

__all__ = [
    "AlarmSettings",
    "ApiSettings",
    "BounceSettings",
    "ChannelSettings",
    "CollectSettings",
    "Connecting",
    "DatabaseSettings",
    "DeskSettings",
    "DkimSettings",
    "Group",
    "KeySettings",
    "Loaded",
    "MailServer",
    "MailSettings",
    "MailboxSettings",
    "Origin",
    "PacingSettings",
    "RetentionSettings",
    "RunSettings",
    "Settings",
    "SummarizeSettings",
    "WebSettings",
    "load",
    "names",
    "variable",
]
