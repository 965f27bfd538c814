"""Judging: what an answer says about each rule that its request bears on."""
