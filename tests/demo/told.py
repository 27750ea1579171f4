"""Prints a digest of all that a world says, in a process that is to make the same one."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict
from datetime import datetime
from hashlib import sha256

import django

from tieline.demo.world.world import World


def digest_of(world: World) -> str:
    """Of each record its fields, its author and its moment; bookings, truth and scenes as well."""
    said = [
        [[asdict(one.draft), one.author.number, one.at] for one in world.patrol],
        [[asdict(one.draft), one.author.number, one.at] for one in world.investigations],
        [world.bookings, world.truth, [asdict(one) for one in world.scenes]],
    ]
    return sha256(json.dumps(said, default=str, sort_keys=True).encode()).hexdigest()


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tieline.django_settings"
    django.setup()
    from tieline.demo.world.make import make_world

    seed, year_end, scale = sys.argv[1:]
    end = datetime.fromisoformat(year_end)
    sys.stdout.write(digest_of(make_world(seed=int(seed), year_end=end, scale=float(scale))))


if __name__ == "__main__":
    main()
