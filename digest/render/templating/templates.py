"""Where templates are, and how they are read: escaped, strict, and in Jinja's immutable sandbox."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from jinja2 import (
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    StrictUndefined,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
)
from jinja2.sandbox import ImmutableSandboxedEnvironment

from digest.errors import ConfigError
from digest.model import NoticeKind

FILES = ("subject.txt", "body.txt", "body.html")
"""Each mail is a folder of these three."""
LAYOUTS = ("daily", "weekly", "breaking")
NOTICES = tuple(one.value for one in NoticeKind)
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,40}")


@cache
def templates_folder() -> Path:
    """Return the folder of all templates: `templates/` of a checkout, `digest/_templates` of an installed
    wheel.
    """
    package = Path(__file__).resolve().parents[2]
    installed = package / "_templates"
    return installed if installed.is_dir() else package.parent / "templates"


@dataclass(frozen=True, slots=True)
class Layout:
    """A mail's three templates. `own` says that an admin wrote them: then they are run apart and under a time
    limit.
    """

    name: str
    folder: Path
    own: bool


def layout(name: str, layouts: str = "") -> Layout:
    """Find a layout by name: one of ours, or a folder in `layouts`.

    Raises:
        ConfigError: there is no such layout, or one of its files is missing.
    """
    if name in (*LAYOUTS, *NOTICES):
        return Layout(name, templates_folder() / "email", own=False)
    folder = Path(layouts) if layouts else None
    if not _NAME.fullmatch(name) or folder is None or not (folder / name).is_dir():
        raise ConfigError(
            f"There is no layout {name!r}.",
            remedy=f"Choose {', '.join(LAYOUTS)}, or put {', '.join(FILES)} into "
            f"{folder / name if folder and _NAME.fullmatch(name) else 'a folder of that name among your layouts'}.",
        )
    for file in FILES:
        if not (folder / name / file).is_file():
            raise ConfigError(
                f"The layout {name} has no {file}.", remedy=f"A layout is a folder of {', '.join(FILES)}."
            )
    return Layout(name, folder, own=True)


def stamps(chosen: Layout) -> tuple[tuple[str, int, int], ...]:
    """Return what an admin's layouts are made of: path, time of change (ns) and size of every file; nothing
    for ours.

    A layout may include any file of its folder's neighbours, so all of them count.
    """
    if not chosen.own:
        return ()
    files = sorted(path for path in chosen.folder.rglob("*") if path.is_file())
    return tuple(
        (str(path.relative_to(chosen.folder)), found.st_mtime_ns, found.st_size)
        for path, found in ((path, path.stat()) for path in files)
    )


@lru_cache(maxsize=16)
def environment(chosen: Layout) -> Environment:
    """Return the environment that a layout's templates run in.

    It may extend and import ours (`daily/body.html`, `_base/…`) by those names. HTML is escaped; an unknown
    variable is an error. Kept, so that templates are compiled once; a changed file is read again. An admin's
    templates run in Jinja's immutable sandbox: they can neither reach attributes that begin with an
    underscore nor change what they were given. Ours do neither, and take half as long without.
    """
    ours = FileSystemLoader(templates_folder() / "email")
    kind = ImmutableSandboxedEnvironment if chosen.own else Environment
    made = kind(
        loader=ChoiceLoader([FileSystemLoader(chosen.folder), ours]) if chosen.own else ours,
        autoescape=_is_html,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.globals["cut"] = ""  # where `composing` cuts; a whole run needs no marks
    return made


def _is_html(name: str | None) -> bool:
    return name is None or name.endswith(".html")


@dataclass(frozen=True, slots=True)
class Pages:
    """What the three templates made."""

    subject: str
    text: str
    html: str


def fill(chosen: Layout, view: Mapping[str, Any]) -> Pages:
    """Render a layout's three templates; the subject, in one line, is `subject` to the other two.

    Raises:
        ConfigError: a template is wrong; the sentence says in which file and line and why.
    """
    made = environment(chosen)
    subject_file, text_file, html_file = (f"{chosen.name}/{file}" for file in FILES)
    subject = " ".join(_rendered(made, subject_file, view).split())
    whole = MappingProxyType({**view, "subject": subject})
    return Pages(
        subject=subject, text=_rendered(made, text_file, whole), html=_rendered(made, html_file, whole)
    )


def _rendered(made: Environment, name: str, view: Mapping[str, Any]) -> str:
    try:
        return made.get_template(name).render(view)
    except TemplateSyntaxError as error:
        raise _fault(error.name or name, error.lineno, error.message or "syntax error") from error
    except TemplateNotFound as error:
        raise _fault(*_place(error, name), f"there is no template {error.name}") from error
    except MemoryError as error:
        raise _fault(*_place(error, name), "it takes too much memory") from error
    except RecursionError as error:
        raise _fault(*_place(error, name), "it includes itself without end") from error
    except TemplateError as error:
        raise _fault(*_place(error, name), error.message or type(error).__name__) from error
    except Exception as error:  # a template is a program of somebody else's: whatever it raises is its fault
        raise _fault(*_place(error, name), f"{type(error).__name__}: {error}") from error


def _place(error: BaseException, name: str) -> tuple[str, int]:
    """The template file and line that raised: jinja2 writes both into the traceback."""
    found = (name, 0)
    step = error.__traceback__
    while step is not None:
        file = Path(step.tb_frame.f_code.co_filename)
        if file.name in FILES or file.parent.name == "_base":
            found = (f"{file.parent.name}/{file.name}", step.tb_lineno)
        step = step.tb_next
    return found


def _fault(name: str, line: int, reason: str) -> ConfigError:
    where = f"{name}, line {line}" if line else name
    return ConfigError(f"Template {where}: {reason.rstrip('.')}.", remedy="Correct the template.")
