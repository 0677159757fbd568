"""The desk: the newsroom's own pages, for who logged in."""
