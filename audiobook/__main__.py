"""`python -m audiobook`."""

from audiobook.cli.main import main

main()
