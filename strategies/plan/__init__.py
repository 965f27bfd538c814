"""The plan: all cases of a contract, verified and cached."""
