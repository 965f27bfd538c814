"""Reading: from files and URLs to one contract in normal form."""
