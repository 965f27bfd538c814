"""The difference between two catalogues of rules: of two descriptions, or of two records."""
