"""The addresses of the edition desk."""

from digest.entrypoints.desk.newsdesk import alerting, approving, editing, previewing
from digest.entrypoints.desk.table import DeskRoute
from digest.model import Right

EDITION = "/desk/lists/{slug}/editions/{number:int}"

NEWSDESK_ROUTES: tuple[DeskRoute, ...] = (
    DeskRoute(path=f"{EDITION}/preview", needs=Right.SEE, get=previewing.preview_page),
    DeskRoute(path=f"{EDITION}/mail.html", needs=Right.SEE, get=previewing.mail_html),
    DeskRoute(path=f"{EDITION}/mail.txt", needs=Right.SEE, get=previewing.mail_text),
    DeskRoute(path=f"{EDITION}/mail.eml", needs=Right.SEE, get=previewing.mail_source),
    DeskRoute(path=f"{EDITION}/test", needs=Right.EDIT, post=previewing.send_test, act="editions.test"),
    DeskRoute(path=f"{EDITION}/approve", needs=Right.SEND, post=approving.approve, act="editions.approve"),
    DeskRoute(path=f"{EDITION}/stop", needs=Right.SEND, post=approving.stop, act="editions.stop"),
    DeskRoute(path=f"{EDITION}/schedule", needs=Right.SEND, post=approving.schedule, act="editions.schedule"),
    DeskRoute(path=f"{EDITION}/edit", needs=Right.EDIT, post=editing.edit, act="editions.edit"),
    DeskRoute(path=f"{EDITION}/undo", needs=Right.EDIT, post=editing.undo, act="editions.undo"),
    DeskRoute(path=f"{EDITION}/refresh", needs=Right.EDIT, post=editing.refresh, act="editions.refresh"),
    DeskRoute(path=f"{EDITION}/correct", needs=Right.SEND, post=alerting.correct, act="editions.correct"),
    DeskRoute(
        path="/desk/lists/{slug}/editions/compose",
        needs=Right.EDIT,
        post=approving.compose,
        act="editions.compose",
    ),
    DeskRoute(
        path="/desk/lists/{slug}/alert",
        needs=Right.SEND,
        get=alerting.alert_page,
        post=alerting.alert,
        act="editions.alert",
    ),
)
