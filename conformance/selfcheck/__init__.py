"""Testing the tester: the suite is run against servers that are wrong in a known way, and against conforming ones."""
