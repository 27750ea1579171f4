"""What ships about names in general."""

from __future__ import annotations

from tieline.core.values.names import tokens
from tieline.reference import name_book


def test_every_word_is_one_that_names_are_read_as() -> None:
    book = name_book()
    words = {*book.spellings, *book.spellings.values(), *book.rarity}
    # Placeholders and particles are none; what is left must come out of `tokens` as it went in.
    changed = sorted(word for word in words if len(word) > 1 and tokens(word) not in ((word,), ()))
    assert changed == []


def test_spellings_lead_to_their_name_in_one_step() -> None:
    spellings = name_book().spellings
    assert all(spellings[main] == main for main in spellings.values())


def test_kin_is_mutual() -> None:
    kin = name_book().kin
    assert all(one in kin[two] for one, others in kin.items() for two in others)


def test_common_names_are_there() -> None:
    book = name_book()
    assert book.spellings["MOHAMED"] == book.spellings["MUHAMMAD"]
    assert book.rarity["JOSE"] < book.rarity["QUINTERO"]
    assert book.nicknames["PEPE"] == "JOSE"
