"""Testing the tester: the suite is run against servers with a known fault, and against conforming ones."""
