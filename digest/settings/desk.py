"""How the desk, the newsroom's own pages, may be set."""

from pydantic import Field

from digest.settings.group import Group


class DeskSettings(Group):
    """The newsroom's own pages under /desk (docs/howto/desk.md)."""

    enabled: bool = Field(default=True, description="whether `digest serve` answers /desk")
    idle_minutes: int = Field(
        default=480, ge=5, description="a session that nobody uses for so many minutes ends"
    )
    session_days: int = Field(
        default=14, ge=1, le=365, description="a session ends after so many days, however much it is used"
    )
    invitation_hours: int = Field(default=72, ge=1, description="how long an invitation can be taken up")
    reset_minutes: int = Field(default=60, ge=5, description="how long a link for a new password opens")
    password_length: int = Field(default=12, ge=8, le=200, description="letters that a password needs")
    login_tries: int = Field(
        default=10, ge=3, description="failed logins to one account, within lock_minutes, that lock it"
    )
    network_tries: int = Field(
        default=50, ge=5, description="failed logins from one network, within lock_minutes, that lock it out"
    )
    lock_minutes: int = Field(default=15, ge=1, description="how long a failed login counts")
    upload_mb: int = Field(
        default=20, ge=1, le=500, description="so many megabytes a file may have that is uploaded"
    )
    upload_hours: int = Field(
        default=24,
        ge=1,
        le=720,
        description="how long an uploaded file of people is kept, and its error file",
    )
    require_second_factor: bool = Field(
        default=False, description="everybody has to set up a second factor before anything else"
    )
