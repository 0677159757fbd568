"""Articles → stories → sections: pure decisions, values in and values out."""
