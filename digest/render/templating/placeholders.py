"""Keeping tokens out of what others wrote: a headline that spelled one would be given each reader's own
links.
"""

import re
from typing import Any

from digest.model import EditionContent

# Unseen characters between the letters count as nothing: cleaning that comes later would join what they part.
_SPELLED = re.compile("[^ -~]*".join("__MUJAZ_"))
_HARMLESS = "MUJAZ-"


def neutralise(content: EditionContent) -> EditionContent:
    """Return the content with nothing in it that could be taken for a token."""
    plain = content.model_dump()
    changed = _without(plain)
    return content if changed == plain else EditionContent.model_validate(changed)


def _without(value: Any) -> Any:
    if isinstance(value, str):
        return _SPELLED.sub(_HARMLESS, value)
    if isinstance(value, dict):
        return {key: _without(inner) for key, inner in value.items()}
    if isinstance(value, tuple | list):
        return type(value)(_without(inner) for inner in value)
    return value
