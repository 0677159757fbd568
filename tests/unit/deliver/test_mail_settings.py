"""How mail servers are named in digest.toml."""

from pathlib import Path

import pytest

from digest.errors import ConfigError
from digest.settings import MailSettings, load

SERVERS = """
[[mail.servers]]
host = "one.example"
password = "hush"
weight = 3
[[mail.servers]]
name = "spare"
host = "two.example"
weight = 0
lists = ["breaking"]
"""


def written(folder: Path, text: str) -> Path:
    file = folder / "digest.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_several_servers_are_read_from_tables(tmp_path: Path) -> None:
    loaded = load(written(tmp_path, SERVERS))
    one, two = loaded.settings.mail.all_servers
    assert (one.label, one.weight, two.label, two.lists) == ("one.example:587", 3, "spare", ("breaking",))
    assert one.password is not None
    assert one.password.get_secret_value() == "hush"
    assert not any("hush" in row.value for row in loaded.rows())


def test_one_server_is_the_same_as_a_table_of_one() -> None:
    (one,) = MailSettings(host="smtp.example", port=25, tls="none", connections=2).all_servers
    assert (one.label, one.tls, one.connections) == ("smtp.example:25", "none", 2)
    assert MailSettings().all_servers == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[mail]\nhost = "a.example"\n' + SERVERS, "not both"),
        ("[[mail.servers]]\nport = 25\n", "mail.servers"),
        ('[[mail.servers]]\nhost = ""\n', "mail.servers"),
        ('[[mail.servers]]\nhost = "a.example"\nweight = -1\n', "mail.servers"),
        ('[[mail.servers]]\nhost = "a.example"\ntls = "maybe"\n', "mail.servers"),
    ],
)
def test_what_is_wrong_with_a_server_is_said_in_one_line(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(ConfigError) as error:
        load(written(tmp_path, text))
    assert words in str(error.value)
    assert "\n" not in str(error.value)


def test_a_wrong_password_is_not_repeated(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as error:
        load(written(tmp_path, '[[mail.servers]]\nhost = "a.example"\npassword = 424242\n'))
    assert "424242" not in str(error.value)
