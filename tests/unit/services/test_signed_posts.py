"""Whom signed posts go to."""

from types import SimpleNamespace

import pytest

from digest.errors import InputError
from digest.services.programs.signed_posts import require_target

APP = SimpleNamespace(settings=SimpleNamespace(collect=SimpleNamespace(allow_hosts=["intranet"])))


def test_only_the_very_host_that_was_allowed_is_posted_to_without_https():
    require_target(APP, "http://intranet/hook")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="https"):
        require_target(APP, "http://intranet.other.example/hook")  # type: ignore[arg-type]
