"""Results: what was seen of each rule, its verdict, and the record."""
