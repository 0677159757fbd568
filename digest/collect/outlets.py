"""The list of well-known Arabic outlets that ships with Mujaz."""

from importlib.resources import files


def default_opml() -> str:
    """Return the shipped OPML of well-known Arabic outlets."""
    return (files("digest.collect") / "outlets.opml").read_text(encoding="utf-8")
