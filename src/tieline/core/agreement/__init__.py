"""The agreement between agencies: text that both sign, and that decides on every single field.

`clauses` is the text, `viewer` who asks and what for, `decide` the answer, `disclose` the record
cut to it. Nothing that another agency owns leaves a system but by `disclose`.
"""
