"""Made-up records of runs, realistic in size and shape, for the tests and the looks of the reports."""
