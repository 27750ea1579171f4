"""`tieline completion`: what a shell needs to complete commands and options."""

from __future__ import annotations

import click

SHELLS = ("bash", "zsh", "fish")


@click.command(
    epilog="""\b
To install:
  bash  tieline completion bash > ~/.local/share/bash-completion/completions/tieline
  zsh   tieline completion zsh > a file named _tieline in a folder of $fpath
  fish  tieline completion fish > ~/.config/fish/completions/tieline.fish
Then start a new shell.

\b
Example:
  source <(tieline completion bash)""",
)
@click.argument("shell", type=click.Choice(SHELLS))
def command(shell: str) -> None:
    """Print the completion script for a shell."""
    from click.shell_completion import get_completion_class

    from tieline.cli.main import command as tieline

    found = get_completion_class(shell)
    if found is None:  # click knows all three of SHELLS; another could only be a mistake of ours
        raise click.UsageError(f"there is no completion for {shell}")
    click.echo(found(tieline, {}, "tieline", "_TIELINE_COMPLETE").source())
