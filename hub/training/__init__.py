"""Parameters of comparing, estimated beforehand from an authority's own records; nothing here runs while people ask."""
