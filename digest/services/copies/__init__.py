"""Notice a database that went back in time, or is a copy of another."""
