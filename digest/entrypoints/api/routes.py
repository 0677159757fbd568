"""The JSON endpoints and webhooks: all routes for programs, in one list."""

from starlette.routing import Route

from digest.entrypoints.api import hooks, ingest


def machine_routes() -> list[Route]:
    """Return the routes that programs call. Each checks a key or a signature, and limits the body by itself."""
    return [*ingest.routes(), *hooks.routes()]
