"""The command line: `python -m flows.cli` is `jibao`."""

from flows.cli import main

if __name__ == "__main__":
    main()
