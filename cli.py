"""Run the zstext command line from a checkout: `python cli.py classify --labels a,b notes.txt`."""

from zstext.cli import main

if __name__ == "__main__":
    main()
