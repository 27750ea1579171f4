"""A running node: web, relay, worker, clock and seal, each a process of its own."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from tieline.settings import WEB_SERVERS, Node
from tieline.wiring.folder import NotReady
from tieline.wiring.logs import log_what_nobody_caught
from tieline.wiring.parts import PARTS, run_clock_part, run_relay_part, run_worker_part
from tieline.wiring.renewing import refuse_old_keys
from tieline.wiring.sealing import run_seal_part
from tieline.wiring.shares import Shares
from tieline.wiring.supervisor import Supervisor
from tieline.wiring.systems import Issuer, lexicon, set_to_work

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

__all__ = ["PARTS", "listening", "refuse_network_demo", "refuse_old_databases", "serve"]

log = logging.getLogger(__name__)

_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
_WAITING: Final = 512
_GOODBYE: Final = 3
_FIRST_PAGES: Final = ("web/home/home.html", "web/search/search.html", "web/records/record.html")
_ANY_PHONE: Final = "+1 202 555 0100"
"""Of a range kept for stories; to parse one loads what is known of all countries' numbers."""


def serve(
    node: Node,
    *,
    parts: frozenset[str],
    port: int | None = None,
    issuer: Issuer | None = None,
    ready: Callable[[str], None],
) -> None:
    """Run the parts until told to stop; `ready` is called once the address can be opened.

    Raises `NotReady` where the address cannot be listened at or the databases have other tables.
    """
    refuse_network_demo(node)
    refuse_old_databases()
    refuse_old_keys()
    set_to_work(issuer)
    jobs: dict[str, Callable[[], None]] = {}
    address = ""
    if "web" in parts:
        listener = listening(node.host, node.port if port is None else port)
        address = _address(listener, https=node.https)
        shares = Shares(WEB_SERVERS)
        for place in range(WEB_SERVERS):
            jobs[f"web-{place + 1}"] = _web(listener, shares, place)
    if "relay" in parts:
        jobs["relay"] = run_relay_part
    if "worker" in parts:
        jobs["worker"] = run_worker_part
    if "clock" in parts:
        jobs["clock"] = run_clock_part
    if "seal" in parts:
        jobs["seal"] = run_seal_part
    log_what_nobody_caught()
    if "web" in parts:
        _warm()
    ready(address)
    _let_go()
    Supervisor(jobs).run()


def _warm() -> None:
    """Read what a server's first page would wait for, once, before the servers part."""
    from django.template.loader import get_template
    from django.urls import resolve

    from tieline.core.values.phones import Phone

    lexicon()
    resolve("/")
    Phone.parse(_ANY_PHONE)
    for page in _FIRST_PAGES:
        get_template(page)


def _let_go() -> None:
    """Close every connection: a process that is forked must not speak on its parent's."""
    from django.db import connections

    for connection in connections.all(initialized_only=True):
        connection.close()
        if connection.vendor == "postgresql":
            connection.close_pool()  # type: ignore[attr-defined]


def refuse_network_demo(node: Node) -> None:
    """Raise `NotReady` for a demo on an address that others could reach."""
    if node.demo and node.host not in _LOOPBACK:
        raise NotReady(
            f"a demo is not served at {node.host}: its sign-ins stand in a file",
            cure="serve it at 127.0.0.1, or make a node of your own: tieline init FOLDER",
        )


def refuse_old_databases() -> None:
    """Raise `NotReady` where a database has not the form of this version, or is not there.

    The exchange may be away: the systems work without it (design.md section 1).
    """
    from django.db import connections

    from tieline.keeping.databases import ACCOUNTS, EXCHANGE, KEEPERS

    for database in KEEPERS:
        name = "accounts" if database == ACCOUNTS else database
        try:
            behind, ahead = _apart(connections[database])
        except Exception as error:  # whatever a driver raises: the node says which and goes on
            if database == EXCHANGE:
                log.error("the exchange cannot be opened: %s", type(error).__name__)
                continue
            raise NotReady(
                f"the database {name} cannot be opened: {type(error).__name__}",
                cure="see [databases] in the node's configuration, whether the server runs or the "
                "file is there; a new database is made by: tieline migrate",
            ) from None
        finally:
            connections[database].close()
        if ahead:
            raise NotReady(
                f"the database {name} is of a later version", cure="install that version of tieline"
            )
        if behind:
            raise NotReady(f"the database {name} is of another version", cure="tieline migrate")


def _apart(connection: BaseDatabaseWrapper) -> tuple[bool, bool]:
    """Whether a database lacks migrations of this version, and whether it has had later ones."""
    from django.apps import apps
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    loader = executor.loader
    ours = {label for label, app in apps.app_configs.items() if app.name.startswith("tieline.")}
    later = {key for key in loader.applied_migrations if key[0] in ours} - set(
        loader.disk_migrations
    )
    return bool(executor.migration_plan(loader.graph.leaf_nodes())), bool(later)


def listening(host: str, port: int) -> socket.socket:
    """A socket bound before any process is forked, so that all of them answer on one port.

    Raises `NotReady` where the address is taken or none of this machine.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((host, port))
    except OSError as error:
        made.close()
        raise NotReady(
            f"cannot listen on {host}, port {port}: {error.strerror}",
            cure="stop what listens there, or name another port: --port",
        ) from None
    made.listen(_WAITING)
    made.set_inheritable(True)
    return made


def _address(listener: socket.socket, *, https: bool) -> str:
    host, port = listener.getsockname()[:2]
    name = f"[{host}]" if ":" in host else host
    return f"{'https' if https else 'http'}://{name}:{port}/"


def _web(listener: socket.socket, shares: Shares, place: int) -> Callable[[], None]:
    def run() -> None:
        import uvicorn

        config = uvicorn.Config(
            "tieline.web.asgi:application",
            loop="asyncio",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            lifespan="off",
            timeout_graceful_shutdown=_GOODBYE,
        )
        uvicorn.Server(config).run(sockets=[shares.listener(listener, place)])

    return run
