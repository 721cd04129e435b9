"""`python -m zstext` is the `zstext` command."""

from zstext.cli import main

if __name__ == "__main__":
    main()
