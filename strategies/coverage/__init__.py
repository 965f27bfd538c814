"""Coverage: packs, pairs and special bodies that between them reach every value."""
