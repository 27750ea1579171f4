"""Keeps crates until it is killed, and says which it has kept: what test_killed.py starts."""

from __future__ import annotations

import os
import sys

import django


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tieline.django_settings"
    django.setup()
    from tests.keeping.depot import crate, found, kept

    name = sys.argv[1]
    for n in range(1_000_000):
        fresh = [crate(f"{name}-{n}-{part}", *(["sealed"] if part == 1 else [])) for part in (0, 1)]
        changed = [found(f"{name}-{n - 1}-0")] if n else []
        kept(*fresh, *changed)
        sys.stdout.write(f"{n}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
