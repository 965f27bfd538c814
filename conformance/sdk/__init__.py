"""Conformance of a client: intended calls go in, and what arrives at a recording server is judged.

`protocol` and `process` speak with a harness. `calls` and `responses` generate the cases, and `recording` is the server.
`comparison` and `checks` judge. `trial` runs all cases; `matrix` and the reports fold the results.
"""
