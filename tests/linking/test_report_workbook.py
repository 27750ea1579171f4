"""The report's workbook, read back with another library."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook
from tests.linking import sample_result as sample

from tieline.linking.report import workbook
from tieline.linking.report.workbook import write_xlsx
from tieline.linking.result import LinkResult, Rejected

Rows = dict[str, list[list[object]]]


def read(result: LinkResult, folder: Path, *, synthetic: bool = False) -> Rows:
    path = folder / "report.xlsx"
    write_xlsx(result, path, synthetic=synthetic)
    book = CalamineWorkbook.from_path(str(path))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


@pytest.fixture(scope="module")
def rich(tmp_path_factory: pytest.TempPathFactory) -> Rows:
    return read(sample.rich(), tmp_path_factory.mktemp("rich"))


def test_sheets_stand_in_order(rich: Rows) -> None:
    assert list(rich) == [
        "Summary",
        "Links",
        "Ambiguous",
        "Unmatched left",
        "Unmatched right",
        "Rejected",
        "Not understood",
        "Fields",
    ]


def test_summary_says_what_when_and_how_many(rich: Rows) -> None:
    said = {str(row[0]): row[1:] for row in rich["Summary"]}
    assert said["File"] == ["patrol_subjects.csv", "investigations_subjects.csv"]
    assert said["Rows linked"] == [129, 129]
    assert said["Started"][0] == "2026-11-22T09:14:00+00:00"
    assert said["tieline"][0] == "0.1.0"
    assert said["Links"] == [129, "none"]
    assert said["Precision"][0] == pytest.approx(125 / 126)
    assert "A person decides; this report proposes." in said


def test_synthetic_marking_leads(tmp_path: Path) -> None:
    rows = read(sample.rich(), tmp_path, synthetic=True)
    assert rows["Summary"][0][0] == "SYNTHETIC DATA · NOT A GOVERNMENT SYSTEM"


def test_links_hold_each_pair_with_its_evidence(rich: Rows) -> None:
    head, *rows = rich["Links"]
    assert head[:8] == [
        "Left row",
        "Right row",
        "Score, bits",
        "Probability",
        "given: left",
        "given: right",
        "given: how they compare",
        "given: bits",
    ]
    assert len(rows) == len(sample.rich().links)
    bits = [at for at, words in enumerate(head) if str(words).endswith(": bits")]
    for row in rows[:120]:
        weights = [float(str(row[at] or 0)) for at in bits]
        assert sum(weights) == pytest.approx(row[2])


def test_numbers_are_numbers_and_row_numbers_are_text(tmp_path: Path) -> None:
    links = [sample.pair(1, left="00123", right="7e5")]
    row = read(replace(sample.rich(), links=links), tmp_path)["Links"][1]
    assert row[:2] == ["00123", "7e5"]
    assert isinstance(row[2], float)


def test_formulas_stay_text(tmp_path: Path) -> None:
    rows = read(sample.rich(), tmp_path)
    assert sample.FORMULA in {row[0] for row in rows["Not understood"]}
    with zipfile.ZipFile(tmp_path / "report.xlsx") as archive:
        for name in archive.namelist():
            assert b"<f>" not in archive.read(name)
            assert b"<hyperlink" not in archive.read(name)
        # Guarded against becoming one when the cell is edited.
        assert b'quotePrefix="1"' in archive.read("xl/styles.xml")


@pytest.mark.parametrize("start", list("=+-@\t\r"))
def test_text_like_a_formula_is_guarded(start: str, tmp_path: Path) -> None:
    rejected = [Rejected("left", 2, f"{start}1+1", f"{start}cmd|' /C calc'!A0")]
    row = read(replace(sample.rich(), rejected=rejected), tmp_path)["Rejected"][1]
    assert str(row[2]).lstrip().startswith(start.strip() or "1")
    assert isinstance(row[2], str)


def test_signs_that_break_a_workbook_are_left_out(tmp_path: Path) -> None:
    text = f"{sample.NUL}\ufffe{sample.SURROGATE}"
    rejected = [Rejected("left", 2, "odd", text)]
    row = read(replace(sample.rich(), rejected=rejected), tmp_path)["Rejected"][1]
    assert row[3] == "nulinsidehalf "


def test_text_that_looks_like_an_escape_is_kept(tmp_path: Path) -> None:
    rejected = [Rejected("left", 2, "odd", "_x0041_")]
    write_xlsx(replace(sample.rich(), rejected=rejected), tmp_path / "report.xlsx")
    with zipfile.ZipFile(tmp_path / "report.xlsx") as archive:
        assert b"_x005F_x0041_" in archive.read("xl/worksheets/sheet6.xml")


@pytest.mark.parametrize("sign", ["x", "🚒"])
def test_long_text_is_cut_in_sight(sign: str, tmp_path: Path) -> None:
    rejected = [Rejected("left", 2, "long", sign * 40_000)]
    cell = str(read(replace(sample.rich(), rejected=rejected), tmp_path)["Rejected"][1][3])
    assert cell.endswith("… (40,000 characters)")
    assert len(cell.encode("utf-16-le")) // 2 <= 32_767


def test_rows_that_do_not_fit_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "WHOLE_UP_TO", 128)
    monkeypatch.setattr(workbook, "OF_LONGER", 50)
    rows = read(sample.rich(), tmp_path)
    assert len(rows["Links"]) == 51
    said = {str(row[0]): row[1:] for row in rows["Summary"]}
    assert said["Links"] == [129, "79, to keep the workbook quick; all are in links.csv"]


def test_a_list_that_fits_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "WHOLE_UP_TO", 129)
    monkeypatch.setattr(workbook, "OF_LONGER", 50)
    assert len(read(sample.rich(), tmp_path)["Links"]) == 130


def test_rows_of_a_group_beyond_its_kept_pairs_are_not_lost(tmp_path: Path) -> None:
    result = sample.rich()
    group = replace(result.ambiguous[0], pairs=result.ambiguous[0].pairs[:1])
    rows = read(replace(result, ambiguous=[group]), tmp_path)["Ambiguous"][1:]
    assert {row[2] for row in rows if row[2]} == set(group.left)
    assert {row[3] for row in rows if row[3]} == set(group.right)


def test_unmatched_rows_have_their_nearest_pair(rich: Rows) -> None:
    first, *_, last = rich["Unmatched left"][1:]
    assert first[:4] == ["A-9000", "", "A-9000", "B-9500"]
    assert last[0] == "A-9901"
    assert rich["Unmatched right"][-1][1] == "no row of the other file shares enough to be compared"


def test_empty_result_is_a_whole_workbook(tmp_path: Path) -> None:
    rows = read(sample.empty(), tmp_path)
    assert len(rows["Links"]) == 1


def test_same_result_gives_the_same_bytes(tmp_path: Path) -> None:
    write_xlsx(sample.rich(), tmp_path / "one.xlsx")
    write_xlsx(sample.rich(), tmp_path / "two.xlsx")
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()


def test_a_failure_leaves_nothing_half_written(tmp_path: Path) -> None:
    path = tmp_path / "report.xlsx"
    path.write_bytes(b"what was there")
    broken = replace(sample.rich(), warnings=[object()])  # type: ignore[list-item]
    with pytest.raises((TypeError, AttributeError)):
        write_xlsx(broken, path)
    assert path.read_bytes() == b"what was there"
    assert [item.name for item in tmp_path.iterdir()] == ["report.xlsx"]
