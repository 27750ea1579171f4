"""Delimited text: what is found out, what is rejected, and that nothing else is lost."""

from __future__ import annotations

import gzip
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieline.files.opening import Hints, open_table
from tieline.files.table import BadRow, Row, UnreadableTable


def read(path: Path, content: bytes | str, **hints: str) -> tuple[list[list[str]], list[BadRow]]:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    table = open_table(path, Hints(**hints), longest=5000)
    rows = list(table.rows())
    return (
        [list(row.values) for row in rows if isinstance(row, Row)],
        [row for row in rows if isinstance(row, BadRow)],
    )


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        ("a,b\n1,2\n3,4\n", [["1", "2"], ["3", "4"]]),
        ("a;b\n1;2\n", [["1", "2"]]),
        ("a\tb\n1\t2\n", [["1", "2"]]),
        ("a|b\n1|2\n", [["1", "2"]]),
        ("a,b\r\n1,2\r\n", [["1", "2"]]),
        ("a,b\r1,2\r3,4", [["1", "2"], ["3", "4"]]),
        ("a,b\n1,2", [["1", "2"]]),
        ("\n\na,b\n\n1,2\n\n", [["1", "2"]]),
        ("\ufeffa,b\n1,2\n", [["1", "2"]]),
        ("one\nx\ny\n", [["x"], ["y"]]),
        ('a,b\n"x, y",2\n', [["x, y", "2"]]),
        ('a,b\n"two\nlines",2\n3,4\n', [["two\nlines", "2"], ["3", "4"]]),
        ('a,b\n"say ""so""",2\n', [['say "so"', "2"]]),
        ("a,b\n6'2\",x\n5'1\",y\n", [["6'2\"", "x"], ["5'1\"", "y"]]),
        ("a,b\n1,2,,\n", [["1", "2"]]),
        ("a,b\nGarcía;x,2\n", [["García;x", "2"]]),
        ("a,aka\n1,x; y; z; w\n2,x; y; z; w\n", [["1", "x; y; z; w"], ["2", "x; y; z; w"]]),
        ("a,b\n😀,שלום\n", [["😀", "שלום"]]),
    ],
)
def test_reads(tmp_path: Path, content: str, rows: list[list[str]]) -> None:
    assert read(tmp_path / "t.csv", content) == (rows, [])


@pytest.mark.parametrize(
    ("bad", "line", "reason"),
    [
        ("1", 3, "the row has 1 values, the header 2"),
        ("1,2,3", 3, "the row has 3 values, the header 2"),
        ('"open,2', 3, "a quotation mark opens here and is not closed"),
        ("nul\0,2", 3, "the row holds a zero byte (NUL)"),
        ("x" * 6000 + ",2", 3, "the line is longer than 5,000 characters"),
    ],
)
def test_one_bad_row_is_named_and_costs_no_other(
    tmp_path: Path, bad: str, line: int, reason: str
) -> None:
    rows, rejected = read(tmp_path / "t.csv", f"a,b\n1,2\n{bad}\n3,4\n5,6\n")
    assert rows == [["1", "2"], ["3", "4"], ["5", "6"]]
    assert [(row.line, row.reason) for row in rejected] == [(line, reason)]
    assert rejected[0].text == bad[:1000]


def test_bytes_of_another_encoding_reject_their_row_alone(tmp_path: Path) -> None:
    content = b"a,b\nx,1\n\xff\xfe,2\ny,3\n"
    rows, rejected = read(tmp_path / "t.csv", content, encoding="utf-8")
    assert rows == [["x", "1"], ["y", "3"]]
    assert [(row.line, row.reason) for row in rejected] == [
        (3, "the row holds bytes that are not utf-8")
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_encoding_is_found(tmp_path: Path, encoding: str) -> None:
    names = ["Núñez", "Peña", "García", "Muñoz", "Iñíguez", "Ibáñez", "López", "Sánchez"] * 20
    content = "name,n\n" + "".join(f"{name},{at}\n" for at, name in enumerate(names))
    rows, rejected = read(tmp_path / "t.csv", content.encode(encoding))
    assert [row[0] for row in rows] == names
    assert rejected == []


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1251", "Иванов Пётр Сергеевич, Кузнецова Мария, Соколов Дмитрий Алексеевич"),
        ("gb18030", "王小明, 李晓红, 张伟, 刘洋, 陈静, 杨勇, 赵磊, 黄丽, 周强, 吴敏"),
    ],
)
def test_another_script_is_found_too(tmp_path: Path, encoding: str, text: str) -> None:
    content = "name\n" + f'"{text}"\n' * 20
    assert read(tmp_path / "t.csv", content.encode(encoding))[0][0] == [text]


def test_an_accent_on_the_last_page_is_found(tmp_path: Path) -> None:
    content = b"name,n\n" + b"Smith,1\n" * 300_000 + "Muñoz,2\n".encode("cp1252")
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    table = open_table(path, Hints(), longest=5000)
    assert table.encoding == "cp1252"
    assert "was read as cp1252" in table.notes[0]
    assert [row.values[0] for row in table.rows() if isinstance(row, Row)][-1] == "Muñoz"


def test_gzip_is_read_whatever_its_name(tmp_path: Path) -> None:
    assert read(tmp_path / "t.bin", gzip.compress(b"a,b\n1,2\n")) == ([["1", "2"]], [])


def test_a_line_that_never_ends_is_not_held_in_memory(tmp_path: Path) -> None:
    # 64 MB of one line, packed: memory stays at a few lines.
    packed = gzip.compress(b"a,b\n1,2\n" + b"x" * (64 << 20) + b"\n3,4\n")
    rows, rejected = read(tmp_path / "t.csv.gz", packed)
    assert rows == [["1", "2"], ["3", "4"]]
    assert [row.line for row in rejected] == [3]
    assert len(rejected[0].text) == 1000


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "the file is empty"),
        (b"\n \n", "there is no header"),
        (b"%PDF-1.7 \n", "this is a PDF document, not a table"),
        (b"\x89PNG\r\n\x1a\n", "this is a picture, not a table"),
        (b"SQLite format 3\0", "this is a SQLite database, not a table"),
        (bytes(5000), "this is not text: it holds many zero bytes"),
        (b"[{}]", "this is one JSON document, not JSON Lines"),
        (
            gzip.compress(b"a,b\n1,2\n" * 999, mtime=0)[:-20],
            "the packed file is damaged or cut off",
        ),
        (b"PK\x03\x04rubbish", "this workbook cannot be read"),
        (b"PAR1rubbish", "this Parquet file cannot be read"),
    ],
)
def test_no_table_at_all_is_said_with_a_cure(tmp_path: Path, content: bytes, what: str) -> None:
    path = tmp_path / "thing"
    path.write_bytes(content)
    with pytest.raises(UnreadableTable) as said:
        list(open_table(path, Hints(), longest=5000).rows())
    assert str(path) in said.value.what
    assert what in said.value.what
    assert said.value.cure


def test_a_folder_a_missing_file_and_a_device_are_named(tmp_path: Path) -> None:
    for path, what in (
        (tmp_path, "this is a folder"),
        (tmp_path / "none.csv", "there is no such file"),
        (Path("/dev/null"), "this is no regular file"),
    ):
        with pytest.raises(UnreadableTable, match=what):
            open_table(path, Hints(), longest=5000)


def test_an_unknown_encoding_is_refused_with_names_that_are_known(tmp_path: Path) -> None:
    with pytest.raises(UnreadableTable) as said:
        read(tmp_path / "t.csv", "a,b\n1,2\n", encoding="klingon")
    assert 'no encoding "klingon"' in said.value.what
    assert "utf-8" in said.value.cure


def test_repeated_and_missing_names_of_columns_are_told(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a,,a\n1,2,3\n")
    table = open_table(path, Hints(), longest=5000)
    assert table.columns == ("a", "column 2", "a (3)")
    assert table.repeated == {"a"}
    assert len(table.notes) == 2


def test_what_may_not_be_read_is_named_with_its_cure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a,b\n1,2\n")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    # Whoever runs tests as root may read everything, so the refusal is made here.
    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(UnreadableTable, match="you may not read this file") as said:
        open_table(path, Hints(), longest=5000)
    assert "chmod u+r" in said.value.cure


@pytest.mark.parametrize(
    "content",
    [
        # Lines joined by marks that close nothing, though the sum of values would fit.
        'a,b\n1,"a"b"c,x\n2,y\n3,z\n4,"d"e"f,w\n5,v\n',
        'a,b\n1,"John,x\n' + "2,ok\n" * 18 + '20,"Mary,y\n21,z\n',
        'a,b\n"""\n1,2\n',
    ],
)
def test_no_row_vanishes_into_another_s_quotation_marks(tmp_path: Path, content: str) -> None:
    rows, rejected = read(tmp_path / "t.csv", content)
    assert len(rows) + len(rejected) == len(content.splitlines()) - 1


@given(st.lists(st.text(alphabet='ab,"\n', max_size=12), min_size=1, max_size=8))
def test_every_line_is_told_of_whatever_its_marks(lines: list[str]) -> None:
    content = "h1,h2\n" + "".join(f"{line}\n" for line in lines)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.csv"
        path.write_text(content, encoding="utf-8")
        told = list(open_table(path, Hints(delimiter=","), longest=5000).rows())
    filled = [at for at, line in enumerate(content.split("\n"), 1) if line.strip() and at > 1]
    # A row begins at each line that is not the continuation of one; none is told twice.
    begun = [row.line for row in told]
    assert begun == sorted(set(begun))
    inside = sum("\n".join(row.values).count("\n") - 1 for row in told if isinstance(row, Row))
    assert len(begun) + inside >= len(filled)


def test_a_file_that_changes_meanwhile_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a,b\n1,2\n3,4\n")
    rows = open_table(path, Hints(), longest=5000).rows()
    next(rows)
    path.write_text("a,b\n1,2\n")
    with pytest.raises(UnreadableTable, match="changed while it was being read"):
        list(rows)
