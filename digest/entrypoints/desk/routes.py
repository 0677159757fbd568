"""All addresses of the desk, each with what it needs. What stands in no line here is answered to nobody."""

from digest.entrypoints.desk import (
    accounts,
    audit_log,
    editions_pages,
    home_page,
    logging_in,
    own_account,
)
from digest.entrypoints.desk.channels.routes import CHANNELS_ROUTES
from digest.entrypoints.desk.charts.routes import CHARTS_ROUTES
from digest.entrypoints.desk.guide.routes import GUIDE_ROUTES
from digest.entrypoints.desk.lists.routes import LIST_ROUTES
from digest.entrypoints.desk.newsdesk.routes import NEWSDESK_ROUTES
from digest.entrypoints.desk.people.routes import PEOPLE_ROUTES
from digest.entrypoints.desk.programs.routes import PROGRAMS_ROUTES
from digest.entrypoints.desk.sources.routes import SOURCES_ROUTES
from digest.entrypoints.desk.table import Access, DeskRoute
from digest.model import Right

EDITION = "/desk/lists/{slug}/editions/{number:int}"

ROUTES: tuple[DeskRoute, ...] = (
    # Who is not logged in yet.
    DeskRoute(
        path="/desk/login",
        needs=Access.ANYBODY,
        get=logging_in.login_page,
        post=logging_in.log_in,
        act="account.login",
    ),
    DeskRoute(
        path="/desk/login/code",
        needs=Access.ANYBODY,
        get=logging_in.code_page,
        post=logging_in.give_code,
        act="account.login",
    ),
    DeskRoute(
        path="/desk/invitation/{token}",
        needs=Access.ANYBODY,
        get=logging_in.invitation_page,
        post=logging_in.accept,
        act="account.create",
    ),
    DeskRoute(
        path="/desk/forgotten",
        needs=Access.ANYBODY,
        get=logging_in.forgotten_page,
        post=logging_in.ask_for_reset,
        act="account.ask_reset",
    ),
    DeskRoute(
        path="/desk/reset/{token}",
        needs=Access.ANYBODY,
        get=logging_in.reset_page,
        post=logging_in.reset,
        act="account.reset",
    ),
    # One's own account.
    DeskRoute(path="/desk/logout", needs=Access.LOGGED_IN, post=logging_in.log_out, act="account.logout"),
    DeskRoute(path="/desk/account", needs=Access.LOGGED_IN, get=own_account.account_page),
    DeskRoute(
        path="/desk/account/profile",
        needs=Access.LOGGED_IN,
        post=own_account.set_profile,
        act="account.profile",
    ),
    DeskRoute(
        path="/desk/account/password",
        needs=Access.LOGGED_IN,
        post=own_account.change_password,
        act="account.password",
    ),
    DeskRoute(
        path="/desk/account/sessions/end",
        needs=Access.LOGGED_IN,
        post=own_account.end_sessions,
        act="account.end_sessions",
    ),
    DeskRoute(
        path="/desk/account/second-factor",
        needs=Access.LOGGED_IN,
        post=own_account.begin_second_factor,
        act="account.second_factor.begin",
    ),
    DeskRoute(
        path="/desk/account/second-factor/confirm",
        needs=Access.LOGGED_IN,
        post=own_account.confirm_second_factor,
        act="account.second_factor.on",
    ),
    DeskRoute(
        path="/desk/account/second-factor/remove",
        needs=Access.LOGGED_IN,
        post=own_account.remove_second_factor,
        act="account.second_factor.off",
    ),
    DeskRoute(
        path="/desk/account/recovery-codes",
        needs=Access.LOGGED_IN,
        post=own_account.new_recovery_codes,
        act="account.recovery_codes",
    ),
    # The house.
    DeskRoute(path="/desk", needs=Access.LOGGED_IN, get=home_page.home_page),
    DeskRoute(path="/desk/accounts", needs=Right.ACCOUNTS, get=accounts.accounts_page),
    DeskRoute(
        path="/desk/accounts/invite", needs=Right.ACCOUNTS, post=accounts.invite, act="accounts.invite"
    ),
    DeskRoute(
        path="/desk/accounts/invitations/{id:int}/withdraw",
        needs=Right.ACCOUNTS,
        post=accounts.withdraw,
        act="accounts.withdraw",
    ),
    DeskRoute(
        path="/desk/accounts/{id:int}/roles",
        needs=Right.ACCOUNTS,
        post=accounts.set_roles,
        act="accounts.roles",
    ),
    DeskRoute(
        path="/desk/accounts/{id:int}/active",
        needs=Right.ACCOUNTS,
        post=accounts.set_active,
        act="accounts.active",
    ),
    DeskRoute(path="/desk/audit", needs=Right.AUDIT, get=audit_log.audit_page),
    DeskRoute(path="/desk/audit.csv", needs=Right.AUDIT, get=audit_log.audit_csv),
    DeskRoute(path="/desk/audit.json", needs=Right.AUDIT, get=audit_log.audit_json),
    *PROGRAMS_ROUTES,
    # Editions of a list.
    DeskRoute(path="/desk/lists/{slug}/editions", needs=Right.SEE, get=editions_pages.editions_page),
    DeskRoute(path=EDITION, needs=Right.SEE, get=editions_pages.edition_page),
    DeskRoute(path=f"{EDITION}/progress", needs=Right.SEE, get=editions_pages.progress_page),
    DeskRoute(path=f"{EDITION}/pause", needs=Right.SEND, post=editions_pages.pause, act="editions.pause"),
    DeskRoute(path=f"{EDITION}/resume", needs=Right.SEND, post=editions_pages.resume, act="editions.resume"),
    DeskRoute(path=f"{EDITION}/cancel", needs=Right.SEND, post=editions_pages.cancel, act="editions.cancel"),
    DeskRoute(path=f"{EDITION}/retry", needs=Right.SEND, post=editions_pages.retry, act="editions.retry"),
    # Sources, figures, the first-run guide.
    *SOURCES_ROUTES,
    *CHARTS_ROUTES,
    *GUIDE_ROUTES,
    *NEWSDESK_ROUTES,
    # People, and lists themselves.
    *PEOPLE_ROUTES,
    *LIST_ROUTES,
    *CHANNELS_ROUTES,
)
