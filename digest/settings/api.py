"""How the JSON interface and the channels may be set."""

from pydantic import Field, SecretStr

from digest.settings.group import Group


class ApiSettings(Group):
    """The JSON interface under /api/v1 (docs/howto/api.md)."""

    enabled: bool = Field(default=True, description="whether `digest serve` answers /api/v1")
    calls_a_minute: int = Field(
        default=600, ge=1, description="calls that one key may make in a minute, counted by process"
    )


class ChannelSettings(Group):
    """Channels besides mail (docs/howto/channels.md)."""

    telegram_token: SecretStr | None = Field(
        default=None, description="token of the bot that posts, from @BotFather"
    )
    telegram_url: str = Field(
        default="https://api.telegram.org",
        description="where Telegram's bot interface is; a server of one's own is named in collect.allow_hosts, too",
    )
