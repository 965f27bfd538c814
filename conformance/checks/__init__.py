"""Judging: what an response says about each rule that its request bears on."""
