"""`python -m connector.cli`, for processes that start each other."""

from connector.cli import main

main()
