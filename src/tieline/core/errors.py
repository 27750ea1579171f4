"""What every error of tieline has in common."""

from __future__ import annotations


class TielineError(Exception):
    """An anticipated error: it says in one sentence what is wrong, and in another what to do.

    Each kind stands beside the code that raises it. The three ways in (web, API, commands)
    translate it once; `exit_code` is what a command answers with (docs/commands.md).
    """

    exit_code = 2

    def __init__(self, what: str, *, cure: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.cure = cure

    def __str__(self) -> str:
        return f"{self.what}\n{self.cure}" if self.cure else self.what
