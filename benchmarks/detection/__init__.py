"""Detection: what `selfcheck` found, side by side with `schemathesis run` on the same servers, reported the same."""
