"""A language that lists may speak has all that docs/howto/add-language.md names, and what it lacks is said file by file."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from digest.text.languages import LANGUAGES

ROOT = Path(__file__).resolve().parents[2]
CATALOGUES = ("digest/render/words/{}.toml", "digest/entrypoints/web/words/{}.toml")
TABLES = ("digest/text/dates/calendar.toml", "digest/text/numbers/plurals.toml")
DESK = tuple(sorted((ROOT / "digest/entrypoints/desk/words").glob("people-*.toml")))
OPTIONAL = {"halves"}
"""Without them the clock counts to twenty-four."""
SAMPLES = "tests/unit/render/languages.py"


def read(path: Path) -> dict[str, object]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def lacks(language: str) -> Iterator[str]:
    """What is missing of a language, each as the file it belongs into."""
    for file in CATALOGUES:
        own, english = ROOT / file.format(language), ROOT / file.format("en")
        if not own.is_file():
            yield file.format(language)
        else:
            yield from (f"{file.format(language)}: {one}" for one in read(english).keys() - read(own).keys())
    for file in TABLES:
        table = read(ROOT / file)
        if language not in table:
            yield f"{file}: [{language}]"
        else:
            yield from (
                f"{file}: [{language}] {one}" for one in set(table["en"]) - set(table[language]) - OPTIONAL
            )  # type: ignore[call-overload]
    yield from (
        f"{path.relative_to(ROOT).as_posix()}: language_{language}"
        for path in DESK
        if f"language_{language}" not in read(path)
    )
    if f'    "{language}": {{' not in (ROOT / SAMPLES).read_text(encoding="utf-8"):
        yield f"{SAMPLES}: {language}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_of_lists_lacks_nothing(language: str):
    missing = sorted(lacks(language))
    assert not missing, "\n".join(missing)


def test_what_a_language_lacks_is_said_file_by_file():
    assert set(lacks("xx")) == {
        *(file.format("xx") for file in CATALOGUES),
        *(f"{file}: [xx]" for file in TABLES),
        *(f"{path.relative_to(ROOT).as_posix()}: language_xx" for path in DESK),
        f"{SAMPLES}: xx",
    }
    assert len(DESK) == 2
