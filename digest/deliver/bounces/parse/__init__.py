"""Read returned mail and judge what it says. Pure."""
