"""All settings in one tree, and their names."""

from collections.abc import Iterator

from pydantic import BaseModel
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from digest.settings.api import ApiSettings, ChannelSettings
from digest.settings.desk import DeskSettings
from digest.settings.mail import BounceSettings, DkimSettings, MailboxSettings, MailSettings, PacingSettings
from digest.settings.signup import SignupSettings
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

PREFIX = "DIGEST_"


class Settings(BaseSettings):
    """All settings, grouped as in digest.toml."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        extra="forbid",
        frozen=True,
        nested_model_default_partial_update=True,
    )

    database: DatabaseSettings = DatabaseSettings()
    mail: MailSettings = MailSettings()
    dkim: DkimSettings = DkimSettings()
    bounces: BounceSettings = BounceSettings()
    mailbox: MailboxSettings = MailboxSettings()
    web: WebSettings = WebSettings()
    signup: SignupSettings = SignupSettings()
    desk: DeskSettings = DeskSettings()
    api: ApiSettings = ApiSettings()
    channels: ChannelSettings = ChannelSettings()
    keys: KeySettings = KeySettings()
    retention: RetentionSettings = RetentionSettings()
    collect: CollectSettings = CollectSettings()
    summarize: SummarizeSettings = SummarizeSettings()
    pacing: PacingSettings = PacingSettings()
    alarm: AlarmSettings = AlarmSettings()
    run: RunSettings = RunSettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        # The environment wins over the file, which comes in as `init`; *_FILE variables are read by `load`.
        if isinstance(env_settings, EnvSettingsSource):
            env_settings.env_vars = {
                name: value
                for name, value in env_settings.env_vars.items()
                if not name.lower().endswith("_file")
            }
        return env_settings, init_settings


def names() -> Iterator[tuple[str, str, str]]:
    """Yield (dotted name, group, field) of every setting."""
    for group, info in Settings.model_fields.items():
        kind = info.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            for field in kind.model_fields:
                yield f"{group}.{field}", group, field


def variable(name: str) -> str:
    """Return the environment variable of a dotted setting name."""
    return PREFIX + name.replace(".", "__").upper()
