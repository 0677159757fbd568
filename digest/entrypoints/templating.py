"""Make the environments in which pages are rendered, of readers and of the desk."""

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from digest.render.templating.templates import templates_folder


def page_environment(folder: str) -> Environment:
    """Return the templates of a folder; everything is escaped, and a name that is missing is an error."""
    return Environment(
        loader=FileSystemLoader(templates_folder() / folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def fill(word: str, **values: object) -> Markup:
    """Return a fixed word with values in its places, each isolated so that its direction moves nothing around
    it.
    """
    isolated = {name: Markup("<bdi>{}</bdi>").format(value) for name, value in values.items()}
    return escape(word).format(**isolated)
