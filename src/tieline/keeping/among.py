"""Whether a whole number is one of many: one value to the database, however many there are."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.db.models import Lookup

__all__ = ["Among"]

if TYPE_CHECKING:
    _Lookup = Lookup[Any]
else:
    _Lookup = Lookup


class Among(_Lookup):
    """`column__among=[…]`; `in` would write a sign for each, which takes as long as the answer."""

    lookup_name = "among"
    prepare_rhs = False

    def get_db_prep_lookup(self, value: Any, connection: Any) -> Any:
        return "%s", [value]

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        column, more = self.process_lhs(compiler, connection)
        text = f"{column} IN (SELECT value FROM json_each(%s))"  # noqa: S608 - a column
        return text, [*more, json.dumps(list(self.rhs))]

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        column, more = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s)", [*more, list(self.rhs)]
