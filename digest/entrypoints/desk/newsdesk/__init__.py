"""The edition desk: approving, editing and looking at editions before they go out."""
