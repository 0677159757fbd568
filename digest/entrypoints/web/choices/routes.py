"""Where the pages of a reader's choices are."""

from starlette.routing import Route

from digest.entrypoints.web.choices import actions, address, page


def choice_routes() -> list[Route]:
    """Return the routes; only a POST changes anything."""
    own = "/l/{slug}/preferences/{token}"
    return [
        Route(own, page.preferences, methods=["GET", "POST"]),
        Route(f"{own}/pause", page.pause, methods=["POST"]),
        Route(f"{own}/lists", actions.ask_for_list, methods=["POST"]),
        Route(f"{own}/address", address.ask, methods=["POST"]),
        Route("/l/{slug}/address/{token}", address.move, methods=["GET", "POST"]),
        Route(f"{own}/data", actions.data),
        Route(f"{own}/erase", actions.erase, methods=["GET", "POST"]),
    ]
