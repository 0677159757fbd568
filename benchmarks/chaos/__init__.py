"""Killing senders: nobody lost, nobody mailed twice beyond the promise. `python -m benchmarks.chaos --help`."""
