"""Golden pictures: kept at half size in 48 colours, compared with two thresholds.

`make golden` renews them; `versions.txt` beside them says with which browser and fonts they were made. With other versions
letters are drawn a little differently: then only the size and the gross picture are compared.
"""

import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

FOLDER = Path(__file__).parents[1] / "data" / "pictures"
COLOURS = 48
STEP = 24
"""A pixel counts as changed when a channel moved by more than this: less is what the palette does."""
SAME = 0.001
ALIKE = 0.06


@dataclass(frozen=True, slots=True)
class Difference:
    """How two pictures differ: their sizes (width, height in pixels), and the share of changed pixels, 0 to 1."""

    sizes: tuple[tuple[int, int], tuple[int, int]]
    share: float

    def is_within(self, *, same_versions: bool) -> bool:
        """Say whether nothing changed that a reader would see."""
        (width, height), (other_width, other_height) = self.sizes
        if same_versions:
            return self.sizes[0] == self.sizes[1] and self.share <= SAME
        return width == other_width and abs(height - other_height) <= 0.02 * height and self.share <= ALIKE


def reduced(png: bytes) -> Image.Image:
    """Return a screenshot at half its size in few colours."""
    image = Image.open(io.BytesIO(png)).convert("RGB")
    small = image.resize((image.width // 2, image.height // 2), Image.Resampling.BOX)
    return small.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)


def keep(name: str, image: Image.Image) -> None:
    """Write a golden picture."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    image.save(FOLDER / f"{name}.png", optimize=True)


def difference(name: str, image: Image.Image) -> Difference:
    """Compare with the golden picture of that name; what one has and the other has not counts as changed."""
    golden = Image.open(FOLDER / f"{name}.png")
    height = min(golden.height, image.height)
    width = min(golden.width, image.width)
    first, second = (
        np.asarray(one.convert("RGB"), dtype=np.int16)[:height, :width] for one in (golden, image)
    )
    changed = (np.abs(first - second).max(axis=2) > STEP).mean() if height else 1.0
    return Difference((golden.size, image.size), float(changed))
