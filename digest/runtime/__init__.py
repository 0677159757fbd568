"""How work gets run. Only this room knows APScheduler and other engines."""
