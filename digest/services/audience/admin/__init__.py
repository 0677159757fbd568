"""What admins do with people and addresses: suppress, forget, find, export, and how long things are kept."""
