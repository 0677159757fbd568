"""Commands for who operates the installation."""
