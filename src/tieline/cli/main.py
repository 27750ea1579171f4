"""The command `tieline`: a list of commands, each loaded only when it is called."""

from __future__ import annotations

import errno
import importlib
import io
import os
import signal
import sys
from collections.abc import Sequence
from types import FrameType

import click

from tieline import __version__
from tieline.cli.processor import mind_the_processor

# name: (module, one line for `tieline --help`). The line stands here, not in the command, so that
# the list is printed without importing numpy, duckdb and the rest.
COMMANDS: dict[str, tuple[str, str]] = {
    "demo": ("tieline.cli.demo", "Build two systems of invented people and serve them."),
    "init": ("tieline.cli.init", "Make a node: configuration, keys, databases, administrator."),
    "administrator": (
        "tieline.cli.administrator",
        "Make the first administrator of a further agency.",
    ),
    "inspector": (
        "tieline.cli.inspector",
        "Make an inspector, who examines every agency or a department.",
    ),
    "migrate": ("tieline.cli.migrate", "Bring a node's databases to this version's form."),
    "serve": ("tieline.cli.serve", "Run a node: web server, relay, worker and clock."),
    "agreement": ("tieline.cli.agreement", "Sign the agreement, and bring it into force."),
    "partner": ("tieline.cli.partner", "Take in what a partner delivers as a file."),
    "sync": ("tieline.cli.sync", "Compare the exchange with its systems, and mend it."),
    "disclose": ("tieline.cli.disclose", "Show what a user would be told of a record, and why."),
    "retention": ("tieline.cli.retention", "Say what is due to be purged, hold it, purge it."),
    "accounting": ("tieline.cli.accounting", "Say to whom a record was disclosed, and for what."),
    "ledger": ("tieline.cli.ledger", "Export a ledger, and verify an export offline."),
    "keys": ("tieline.cli.keys", "List, renew and revoke the keys of checkpoints."),
    "backup": ("tieline.cli.backup", "Back a node up while it runs."),
    "restore": ("tieline.cli.restore", "Make a node of a backup, or check one."),
    "link": ("tieline.cli.link", "Join two exports of two systems that share no number."),
    "dedupe": ("tieline.cli.dedupe", "Find which rows of one file are the same person."),
    "index": ("tieline.cli.index", "Keep people in an index, and ask it who somebody is."),
    "pairs": ("tieline.cli.pairs", "Say of given pairs whether the two are the same."),
    "model": ("tieline.cli.model", "Learn weights, look at them, take over those of Splink."),
    "codes": ("tieline.cli.codes", "List code lists, and map a column of a file to one."),
    "example": ("tieline.cli.example", "Make two small exports of invented people and join them."),
    "bench": ("tieline.cli.bench", "Measure an area beside its peers."),
    "doctor": ("tieline.cli.doctor", "Say what is missing here, and how to mend it."),
    "completion": ("tieline.cli.completion", "Print the completion script for a shell."),
}

_OF_MANY_ROWS = frozenset({"link", "dedupe", "index", "pairs", "model"})

EXIT_CODES = """\b
Exit codes:
  0  done
  1  done, and there is something to see to (named on the screen): rejected rows,
     a system that differs from the exchange, a target that was not met
  2  wrong use: an argument, a map or a file is not as it must be
  3  refused by a rule
  4  a system did not answer"""


class LazyGroup(click.Group):
    """A group that imports a command's module when the command is first needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        if cmd_name in _OF_MANY_ROWS:
            mind_the_processor()
        found: click.Command = importlib.import_module(COMMANDS[cmd_name][0]).command
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=f"{EXIT_CODES}\n\n\b\nExample:\n  tieline link --suggest left.csv right.csv > map.toml",
)
@click.version_option(__version__, prog_name="tieline")
def command() -> None:
    """Tie record systems together that were built apart."""


def main(argv: Sequence[str] | None = None) -> None:
    """Run one command and leave with its exit code; an anticipated error is told in plain words."""
    # A polite kill (a closed window, a stopped service) is to tidy up as Ctrl+C does.
    for polite in (signal.SIGTERM, signal.SIGHUP):
        # Under nohup a terminal that closes ends nothing.
        if signal.getsignal(polite) is not signal.SIG_IGN:
            signal.signal(polite, _interrupted)
    for stream in (sys.stdout, sys.stderr):
        # A terminal that knows ASCII alone is shown \\xe9 for é rather than an error.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    stdout = sys.stdout
    try:
        code = command.main(args=argv, prog_name="tieline", standalone_mode=False)
    except click.exceptions.Abort:
        click.echo("tieline: stopped; nothing was half-written", err=True)
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except SystemExit as stop:
        # When the reader of our output has gone, click puts another stdout in place and leaves
        # with 1, which has a meaning of its own here.
        gone = sys.stdout is not stdout or isinstance(stop.__context__, BrokenPipeError)
        sys.exit(0 if gone else stop.code)
    except BrokenPipeError:
        # The reader of our output has gone (`| head`): not an error of ours.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as error:
        _tell(error)
        raise
    sys.exit(code if isinstance(code, int) else 0)


def _interrupted(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _tell(error: Exception) -> None:
    # Imported late: only needed when something has gone wrong.
    from tieline.core.errors import TielineError

    if isinstance(error, TielineError):
        click.echo(f"tieline: {error}", err=True)
        sys.exit(error.exit_code)
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        click.echo("tieline: the disk is full\nfree some space: df -h", err=True)
        sys.exit(2)
    if _is_of_a_database(error):
        # What a driver says may hold a URL with its password, so its kind alone is told.
        click.echo(
            f"tieline: a database cannot be used: {type(error).__name__}\n"
            "see [databases] in the node's configuration, whether the server runs, and "
            "tieline migrate",
            err=True,
        )
        sys.exit(4)


def _is_of_a_database(error: Exception) -> bool:
    # Only a command about a node loads Django, and no other can meet such an error.
    known = sys.modules.get("django.db")
    return known is not None and isinstance(error, known.Error)
