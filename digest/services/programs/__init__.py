"""Programs that call the JSON interface: their keys, and requests that are asked twice."""
