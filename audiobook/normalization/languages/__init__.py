"""The spoken form of the languages other than English."""
