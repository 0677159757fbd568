"""The JSON interface for programs, /api/v1: one table of routes, one file a resource."""
