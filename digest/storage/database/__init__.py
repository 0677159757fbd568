"""The database itself: engines, connections, the schema, copies and outages."""
