"""The parts of `benchmarks/send.py`."""
