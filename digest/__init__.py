"""Mujaz (موجز): collects news, summarizes it by section, renders right-to-left e-mail and sends it."""

__version__ = "0.1.0"
