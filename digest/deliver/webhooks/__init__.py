"""Bounces and complaints that mail providers report to a web address: checked, then brought into one form."""
