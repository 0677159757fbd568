"""What providers' calls are compared with."""

from digest.deliver.bounces.report import Event, Weight
from digest.deliver.webhooks.common import ProviderEvent

READER = "reader@mujaz.example"
OURS = "<abc@mujaz.example>"


def summary(notices: tuple[ProviderEvent, ...]) -> list[tuple[Event, Weight, str, str]]:
    return [(one.event, one.weight, one.code, one.address) for one in notices]
