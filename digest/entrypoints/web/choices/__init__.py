"""Pages on which a reader chooses, behind the seal of a mail's own link."""
