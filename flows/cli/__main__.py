"""`python -m flows.cli` is `jibao`."""

from flows.cli import main

main()
