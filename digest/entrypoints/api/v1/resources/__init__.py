"""What answers the routes of the JSON interface, a file for each resource."""
