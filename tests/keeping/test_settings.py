"""What a node is told from outside, and a clear word on each thing that is wrong in it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tieline.core.mark_terms import MarkTerms
from tieline.settings import WEB_SERVERS, BadSetting, EmergencyLimits, Node, Settings, read_node

SECRET = "s" * 40


def config(folder: Path, text: str = "", *, secret: str | None = SECRET) -> Path:
    if secret is not None:
        (folder / "secret.key").write_text(secret + "\n", encoding="utf-8")
    path = folder / "tieline.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_an_empty_file_is_a_node(tmp_path: Path) -> None:
    node = read_node(config(tmp_path))
    assert (node.folder, node.name, node.secret) == (tmp_path, "one", SECRET)
    assert (node.host, node.port, node.https, node.demo) == ("127.0.0.1", 8000, False, False)
    assert node.url("patrol") == "sqlite:patrol.sqlite3"
    assert node.agreement == tmp_path / "agreement.json"


def test_every_setting_is_heard(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("k" * 32, encoding="utf-8")
    (tmp_path / "patrol.url").write_text("postgresql://p:secret@db/p\n", encoding="utf-8")
    text = """
        node = "east-2"
        secret_file = "key"
        zone = "America/New_York"
        demo = true
        partner_map = "partner.toml"
        retention = { lookout = 10 }
        emergency = { minutes = 30, confirm_minutes = 20, most_a_day = 1, review_days = 2 }
        redress = { decide = 20 }
        marks = { decide = 3, intelligence = 730 }
        [web]
        host = "::"
        port = 8443
        names = ["tieline.example"]
        https = true
        [databases]
        accounts = "sqlite:people.sqlite3"
        patrol_file = "patrol.url"
    """
    node = read_node(config(tmp_path, text))
    assert (node.name, node.secret, node.zone) == ("east-2", "k" * 32, "America/New_York")
    assert (node.host, node.port, node.names) == ("::", 8443, ("tieline.example",))
    assert node.demo
    assert node.https
    assert node.partner_map == tmp_path / "partner.toml"
    assert node.retention == {"lookout": 10}
    assert node.emergency == EmergencyLimits(
        minutes=30, confirm_minutes=20, most_a_day=1, review_days=2
    )
    assert (node.redress_days("acknowledge"), node.redress_days("decide")) == (14, 20)
    assert node.marks == MarkTerms(decide=3, gang_label=365, intelligence=730)
    assert node.url("accounts") == "sqlite:people.sqlite3"
    assert node.url("patrol") == "postgresql://p:secret@db/p"


def test_secrets_are_not_shown(tmp_path: Path) -> None:
    node = read_node(config(tmp_path, '[databases]\npatrol = "postgresql://p:topsecret@db/p"'))
    assert SECRET not in repr(node)
    assert "topsecret" not in repr(node)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("node = 1", "node is not text"),
        ('node = "Node One"', "node is no name"),
        ('node = ""', "node is no name"),
        ("zone = 5", "zone is not text"),
        ('zone = "Mars/Phobos"', "zone is no time zone"),
        ('zone = "../etc/passwd"', "zone is no time zone"),
        ('demo = "yes"', "demo is neither true nor false"),
        ("partner_map = 5", "partner_map is not text"),
        ("secret_file = 5", "secret_file is not text"),
        ("marks = 5", "marks is no table"),
        ("marks = { exercise = 5 }", "exercise is no setting here"),
        ("marks = { decide = 0 }", "marks.decide is no number of days from 1 to 7"),
        ("marks = { decide = 8 }", "must not lie"),
        ("marks = { gang_label = 366 }", "reviewed each year"),
        ("marks = { gang_label = true }", "marks.gang_label is no number of days"),
        ("marks = { intelligence = 1826 }", "never longer: 28 CFR 23.20(h)"),
        ("redress = 5", "redress is no table"),
        ("redress = { answer = 5 }", "redress.answer is no setting"),
        ("redress = { decide = 0 }", "redress.decide is no number of days"),
        ("retention = 5", "retention is no table"),
        ('retention = { lookout = "ten" }', "retention.lookout is no number of years"),
        ("retention = { lookout = 0 }", "retention.lookout is no number of years"),
        ("retention = { lookout = true }", "retention.lookout is no number of years"),
        ("emergency = 5", "emergency is no table"),
        ("emergency = { minuets = 60 }", "minuets is no setting here"),
        ("emergency = { minutes = 0 }", "emergency.minutes is no number from 1 to 1440"),
        ("emergency = { confirm_minutes = 61 }", "confirm_minutes is no number from 1 to 60"),
        ("emergency = { most_a_day = true }", "emergency.most_a_day is no number"),
        ("web = 5", "web is no table"),
        ("databases = 5", "databases is no table"),
        ("port = 8000", "port is no setting here"),
        ("[web]\nprot = 8000", "prot is no setting here"),
        ("[web]\nport = 65536", "port is no number from 0 to 65535"),
        ("[web]\nport = true", "port is no number from 0 to 65535"),
        ('[web]\nport = "8000"', "port is no number from 0 to 65535"),
        ('[web]\nnames = "localhost"', "names is no list of host names"),
        ("[web]\nnames = [1]", "names is no list of host names"),
        ("[web]\nhttps = 1", "https is neither true nor false"),
        ("[web]\nhost = 1", "host is not text"),
        ('[databases]\nledger = "sqlite:x"', "the databases are accounts"),
        ("[databases]\npatrol = 5", "the databases are accounts"),
        ('[databases]\npatrol_file = "gone.url"', "cannot be read"),
        ('[databases]\npatrol_file = "empty.url"', "empty.url is empty"),
        ('[databases]\npatrol = "sqlite:a"\npatrol_file = "empty.url"', "is said twice"),
        ('[databases]\npatrol = "sqlite: "', "names no file"),
        ('[databases]\npatrol = "sqlite:exchange.sqlite3"', "one place: patrol and exchange"),
        ('[databases]\npatrol = "postgresql://u:topsecret@db/"', "names no database"),
        ('[databases]\npatrol = "postgresql://u:topsecret/1@db/p"', "cannot be taken apart"),
        ('[databases]\npatrol = "postgresql://u:topsecret[1@db/p"', "cannot be taken apart"),
        ("node = ", "cannot be read"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, text: str, says: str) -> None:
    path = config(tmp_path, text)
    (tmp_path / "empty.url").write_text("\n", encoding="utf-8")
    with pytest.raises(BadSetting) as bad:
        read_node(path)
    assert says in str(bad.value)
    assert bad.value.cure
    assert "topsecret" not in str(bad.value)
    if "URL" not in bad.value.what:  # which names the database, and its URL may lie anywhere
        assert str(tmp_path) in f"{bad.value} {bad.value.cure}"


@pytest.mark.parametrize("user", ["", "one:a@", "other:b@"])
def test_two_names_of_one_server_s_database_are_one_place(tmp_path: Path, user: str) -> None:
    text = f"""
        [databases]
        patrol = "postgresql://{user}db:5432/records"
        exchange = "postgresql://db:5432/records?sslmode=require"
    """
    with pytest.raises(BadSetting, match="one place: patrol and exchange"):
        read_node(config(tmp_path, text))


def test_without_the_file_one_learns_how_to_make_it(tmp_path: Path) -> None:
    with pytest.raises(BadSetting) as bad:
        read_node(tmp_path / "tieline.toml")
    assert "tieline init" in bad.value.cure


@pytest.mark.parametrize("secret", [None, "", "too short"])
def test_without_a_good_secret_nothing_starts(tmp_path: Path, secret: str | None) -> None:
    with pytest.raises(BadSetting) as bad:
        read_node(config(tmp_path, secret=secret))
    assert "secret.key" in str(bad.value)
    assert not secret or secret not in str(bad.value)


@pytest.mark.parametrize("value", ["-1", "1e6", "many", "999", "٣٠٠٠", "9" * 5000])
def test_a_limit_is_a_number(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("TIELINE_MAX_PAIRS", value)
    with pytest.raises(BadSetting, match="TIELINE_MAX_PAIRS"):
        Settings()


def test_a_limit_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIELINE_MAX_PAIRS", "5000")
    monkeypatch.setenv("TIELINE_MAX_LINE_BYTES", "")
    assert (Settings().max_pairs, Settings().max_line_bytes) == (5000, 1 << 20)


def started(path: Path | None, *, folder: Path, show: str) -> subprocess.CompletedProcess[str]:
    """Django's settings as another process reads them."""
    environment = {name: text for name, text in os.environ.items() if name != "PYTEST_VERSION"}
    environment.pop("TIELINE_CONFIG", None)
    if path is not None:
        environment["TIELINE_CONFIG"] = str(path)
    code = f"import tieline.django_settings as s; print({show})"
    return subprocess.run(
        [sys.executable, "-c", code], cwd=folder, env=environment, capture_output=True, text=True
    )


@pytest.mark.parametrize("url", ["mysql://db/x", "patrol.sqlite3", ""])
def test_a_database_of_another_kind_stops_the_start(tmp_path: Path, url: str) -> None:
    path = config(tmp_path, f'[databases]\npatrol = "{url}"')
    run = started(path, folder=tmp_path, show="s.DATABASES['patrol']['ENGINE']")
    if not url:  # as if it were not said
        assert run.stdout == "tieline.keeping.sqlite\n"
        return
    assert run.returncode
    assert "the URL of the database patrol is of no kind" in run.stderr


def test_a_server_s_url_is_taken_apart(tmp_path: Path) -> None:
    url = "postgresql://us%40er:p%3Aw@db.example:5433/records?sslmode=verify-full"
    path = config(tmp_path, f'[databases]\npatrol = "{url}"')
    keys = "['USER', 'PASSWORD', 'HOST', 'PORT', 'NAME', 'OPTIONS']"
    run = started(path, folder=tmp_path, show=f"[s.DATABASES['patrol'][k] for k in {keys}]")
    wanted = ["us@er", "p:w", "db.example", "5433", "records"]
    pool = {"min_size": 1, "max_size": 12 // WEB_SERVERS, "timeout": 2, "reconnect_timeout": 0}
    options = {"connect_timeout": "2", "sslmode": "verify-full", "pool": pool}
    assert run.stdout.strip() == repr([*wanted, options])


def test_without_a_configuration_nothing_is_written(tmp_path: Path) -> None:
    run = started(None, folder=tmp_path, show="len(s.SECRET_KEY) > 32, s.DEBUG")
    assert run.stdout == "True False\n"
    assert list(tmp_path.iterdir()) == []


def test_a_node_without_a_file_has_defaults(tmp_path: Path) -> None:
    assert Node(folder=tmp_path).url("exchange") == "sqlite:exchange.sqlite3"
