"""HTTP: from a case to an exchange, within rate limit and budget."""
