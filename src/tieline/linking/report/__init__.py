"""The report of a run: one page to read and print, and one workbook; the same facts in both."""
