"""Reading what a program posts, up to a length."""

from starlette.requests import Request


async def body_of(request: Request, most: int) -> bytes | None:
    """Return the body, None when it has more than `most` bytes; then the rest is not read."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            return None
    return bytes(body)
