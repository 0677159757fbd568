#!/usr/bin/env python3
"""One digest by hand: the same as `digest run`. Options: `python run_digest.py --help`."""

import sys

from digest.__main__ import main

if __name__ == "__main__":
    main(["run", *sys.argv[1:]])
