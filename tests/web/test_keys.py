"""No two places of a page answer to the same letter after `g`: the second could not be reached."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from tests.web.cast import CAST, sign_in

pytestmark = [pytest.mark.any_database, pytest.mark.usefixtures("scene")]


@pytest.mark.parametrize("who", CAST)
def test_each_place_has_a_letter_of_its_own(who: str) -> None:
    page = sign_in(CAST[who]).get("/").content.decode()
    letters = Counter(re.findall(r'data-go="([^"]+)"', page))
    assert letters
    assert [one for one, times in letters.items() if times > 1] == []
