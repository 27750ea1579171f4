"""Twenty people at work on a running demo: sign in, search, open what was found, think, go on.

Run by bench/web.py in a process of its own:
    python bench/load/users.py ADDRESS SIGN_INS SECONDS THINK SEED
Prints one JSON object: the milliseconds of each kind of request, and what was not answered well.
"""

from __future__ import annotations

import http.client
import json
import random
import re
import sys
import threading
import time
from collections import defaultdict
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

USERS = 20
PURPOSE = {"code": "investigation", "number": "TU-26-0001", "reason": "", "next": "/search/"}
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
RECORD = re.compile(r'href="(/records/[a-z]+/[A-Z0-9-]+/)"')
SURNAMES = (
    *("GARCIA", "HERNANDEZ", "MARTINEZ", "LOPEZ", "GONZALEZ", "RODRIGUEZ", "PEREZ", "SANCHEZ"),
    *("RAMIREZ", "CRUZ", "FLORES", "GOMEZ", "MORALES", "VASQUEZ", "REYES", "JIMENEZ", "TORRES"),
)
GIVEN = ("JOSE", "JUAN", "MARIA", "LUIS", "CARLOS", "JESUS", "MIGUEL", "ANA", "PEDRO", "ROSA")


class Person:
    """One browser, as far as a server can tell."""

    def __init__(self, address: str, username: str, password: str) -> None:
        parts = urlsplit(address)
        self.host, self.port = str(parts.hostname), int(parts.port or 80)
        self.cookies: dict[str, str] = {}
        self.connection = http.client.HTTPConnection(self.host, self.port, timeout=30)
        page = self.get("/accounts/login/")[1]
        status, _ = self.post("/accounts/login/", {"login": username, "password": password}, page)
        if status != 302:
            raise SystemExit(f"{username} could not sign in: {status}")

    def get(self, path: str) -> tuple[int, str]:
        return self._ask("GET", path, None)

    def post(self, path: str, fields: dict[str, str], page: str) -> tuple[int, str]:
        token = TOKEN.search(page)
        body = urlencode({"csrfmiddlewaretoken": token[1] if token else "", **fields})
        return self._ask("POST", path, body)

    def _ask(self, method: str, path: str, body: str | None) -> tuple[int, str]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers["Origin"] = f"http://{self.host}:{self.port}"
        try:
            self.connection.request(method, path, body=body, headers=headers)
            answer = self.connection.getresponse()
        except (http.client.RemoteDisconnected, BrokenPipeError):
            # A server may close a connection that was idle; a browser asks once more then.
            self.connection.close()
            self.connection.request(method, path, body=body, headers=headers)
            answer = self.connection.getresponse()
        text = answer.read().decode()
        for said in answer.headers.get_all("Set-Cookie") or ():
            for name, morsel in SimpleCookie(said).items():
                self.cookies[name] = morsel.value
        return answer.status, text


def work(person: Person, seconds: float, think: float, rng: random.Random, seen: Seen) -> None:
    """Search; open one or two of what was found; think before each."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        time.sleep(rng.uniform(0.5, 1.5) * think)
        words = f"{rng.choice(GIVEN)} {rng.choice(SURNAMES)}"
        if rng.random() < 0.5:
            words += f" {rng.randint(1970, 2004)}"
        page = seen.timed("search", person, f"/search/?q={quote(words)}")
        found = sorted(set(RECORD.findall(page)))
        for path in rng.sample(found, min(len(found), 2)):
            time.sleep(rng.uniform(0.5, 1.5) * think)
            seen.timed("record", person, path)


class Seen:
    """What all of them measured."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.took: dict[str, list[float]] = defaultdict(list)
        self.bad: dict[str, int] = defaultdict(int)

    def timed(self, kind: str, person: Person, path: str) -> str:
        """One request, from the first byte sent to the last one read."""
        began = time.perf_counter()
        status, text = person.get(path)
        took = (time.perf_counter() - began) * 1000
        with self.lock:
            self.took[kind].append(round(took, 1))
            # A record that was found may be one that this person may not open for this purpose.
            if status not in (200, 404):
                self.bad[f"{kind} {status}"] += 1
        return text


def main() -> None:
    address, sign_ins, seconds, think, seed = sys.argv[1:6]
    passwords = dict(
        line.split()[:2] for line in Path(sign_ins).read_text().splitlines() if line.strip()
    )
    who = [name for name in ("agent", "agent2", "investigator", "analyst") if name in passwords]
    people = [
        Person(address, who[place % len(who)], passwords[who[place % len(who)]])
        for place in range(USERS)
    ]
    for person in people:
        page = person.get("/hat/purpose/")[1]
        status, _ = person.post("/hat/purpose/", PURPOSE, page)
        if status != 302:
            raise SystemExit(f"a purpose was not taken: {status}")
    seen = Seen()
    threads = [
        threading.Thread(
            target=work,
            args=(one, float(seconds), float(think), random.Random(int(seed) + place), seen),
        )
        for place, one in enumerate(people)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(json.dumps({"took": seen.took, "bad": seen.bad}))


if __name__ == "__main__":
    main()
