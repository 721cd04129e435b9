"""The command line. Commands are short: parse, call, render."""

from zstext.cli.app import main

__all__ = ["main"]
