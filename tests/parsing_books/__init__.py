"""EPUBs made in memory for the tests of the parser."""
