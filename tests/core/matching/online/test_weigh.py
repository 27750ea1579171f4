"""Whether two pointers are proposed as one, and whether the evidence says why."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.core.matching.online.pointers import person, pointer, vehicle

from tieline.core.matching.online.compare import Relation
from tieline.core.matching.online.lexicon import BARE, Lexicon
from tieline.core.matching.online.reading import understood
from tieline.core.matching.online.weigh import Row, Weighed, may_be_proposed, weigh
from tieline.core.records import FieldClass, Pointer, Protections

LEXICON = Lexicon(nicknames={"PEPE": "JOSE", "BETO": "ALBERTO", "LUPE": "GUADALUPE"})
PHONE = "+15205550123"
VIN, OTHER_VIN = "1HGCM82633A004352", "1M8GDM9AXKP042788"


def row(weighed: Weighed, feature: str) -> Row:
    return next(each for each in weighed.rows if each.feature == feature)


def same(weighed: Weighed) -> bool:
    return weighed.proposed and weighed.relation is Relation.SAME_PERSON


@pytest.mark.parametrize(
    ("left", "right", "words"),
    [
        ("Garcia Lopez, Jose", "GARCIA LOPEZ, JOSE", "both surnames, order kept"),
        ("Garcia Lopez, Jose", "Lopez Garcia, Jose", "surnames in the other order"),
        ("Garcia Lopez, Jose", "Garcia, Jose", "one of two surnames, order kept"),
        ("Jose Garcia-Lopez", "Jose Garcia", "one of two surnames, order kept"),
        ("Jose Garcia", "Garcia Jose", "swapped"),
        ("Pepe Garcia", "Jose Garcia", "nickname"),
        ("J Garcia", "Jose Garcia", "initial"),
        ("Yimena Ernandez", "Jimena Hernandez", "sounds alike"),
        ("Marisol Quintanilla", "Marisol Quintanlila", "mistyped"),
        ("Иван Петров", "Ivan Petrov", "all words the same"),
        ("محمد خان", "Muhammad Khan", "all words the same"),
        ("\u202eJose Garcia\u202c", "Jose Garcia", "all words the same"),
        ("Jos\x00e Garcia", "Jos e Garcia", "all words the same"),
        ("José 😀 García", "Jose Garcia", "all words the same"),
        ("Jose de la Cruz", "DELACRUZ JOSE", "swapped"),
    ],
)
def test_writings_of_one_name_with_one_date_are_proposed(left: str, right: str, words: str) -> None:
    weighed = weigh(
        person(left, born="1990-03-12"), person(right, born="3/12/1990"), lexicon=LEXICON
    )
    assert same(weighed)
    assert words in row(weighed, "name").words


@pytest.mark.parametrize(
    ("born", "words"),
    [
        ("1990-05-04", "day and month swapped"),
        ("1990-04-06", "one digit differs"),
        ("1990-04", "a day is not known"),
        ("1990", "the year agrees"),
        ("1990-01-01", "January 1"),
    ],
)
def test_a_date_that_nearly_agrees_does_with_the_whole_name(born: str, words: str) -> None:
    weighed = weigh(person("Ana Lucero", born="1990-04-05"), person("Ana Lucero", born=born))
    assert same(weighed)
    assert words in row(weighed, "birth date").words


def test_january_first_counts_less_than_a_day_that_was_told() -> None:
    told = weigh(person(born="1990-03-12"), person(born="1990-03-12"))
    guessed = weigh(person(born="1990-01-01"), person(born="1990-01-01"))
    assert guessed.score < told.score / 2


@pytest.mark.parametrize("phones", [(), (PHONE,)])
def test_twins_are_not_proposed_as_one_even_with_one_phone(phones: tuple[str, ...]) -> None:
    weighed = weigh(
        person("Maria Lucero Ortiz", born="2001-07-15", sex="F", phones=phones),
        person("Elena Lucero Ortiz", born="2001-07-15", sex="F", phones=phones),
    )
    assert not same(weighed)


def test_twins_with_one_fingerprint_number_are_proposed() -> None:
    one = person("Maria Lucero", born="2001-07-15", fin="1149221876")
    two = person("Elena Lucero", born="2001-07-15", fin="1149221876")
    weighed = weigh(one, two)
    assert same(weighed)
    assert weighed.strong


@pytest.mark.parametrize("phones", [(), (PHONE,)])
def test_father_and_son_are_not_proposed_as_one(phones: tuple[str, ...]) -> None:
    weighed = weigh(
        person("Jose Garcia Lopez", born="1962-03-12", phones=phones),
        person("Jose Garcia Lopez", born="1990-08-30", phones=phones),
    )
    assert not same(weighed)


def test_a_name_alone_is_not_proposed_however_rare() -> None:
    rare = Lexicon(commonness=lambda _: 1e-7)
    one = person("Xochiquetzal Vandermolen Ikechukwu", sex="F")
    weighed = weigh(one, one, lexicon=rare)
    assert weighed.score > 20
    assert not weighed.proposed


def test_a_rare_name_weighs_more_than_a_common_one() -> None:
    known = Lexicon(commonness={"JOSE": 0.05, "GARCIA": 0.05}.get)  # type: ignore[arg-type]
    lexicon = Lexicon(commonness=lambda word: known.commonness(word) or 1e-5)  # type: ignore[misc]
    common = weigh(person("Jose Garcia"), person("Jose Garcia"), lexicon=lexicon)
    rare = weigh(person("Ebele Ikechukwu"), person("Ebele Ikechukwu"), lexicon=lexicon)
    assert common.score < weigh(person("Jose Garcia"), person("Jose Garcia")).score < rare.score
    assert "common" in row(common, "name").words
    assert "rare" in row(rare, "name").words


def test_an_alias_agrees_where_the_main_name_does_not() -> None:
    one = person("Jose Garcia", "Ramon Ibarra", born="1990-03-12")
    two = person("Ramon Ibarra", born="1990-03-12")
    weighed = weigh(one, two)
    assert same(weighed)
    assert row(weighed, "name").left == "Ramon Ibarra"


def test_an_a_number_is_proposed_under_another_name_and_date() -> None:
    weighed = weigh(
        person("Jose Garcia", born="1990-03-12", a_number="A087654321"),
        person("Ramon Ibarra", born="1985-10-02", a_number="87654321"),
    )
    assert same(weighed)
    assert weighed.strong
    assert weighed.contradicted


def test_a_number_that_one_has_only_once_forbids_what_all_else_says() -> None:
    about = {"born": "1990-03-12", "sex": "M", "phones": (PHONE,)}
    weighed = weigh(
        person("Jose Garcia", a_number="A087654321", **about),  # type: ignore[arg-type]
        person("Jose Garcia", a_number="A076543210", **about),  # type: ignore[arg-type]
    )
    assert not same(weighed)
    # And where one more strong number agrees, a person is asked.
    again = weigh(
        person("Jose Garcia", a_number="A087654321", fin="1149221876", **about),  # type: ignore[arg-type]
        person("Jose Garcia", a_number="A076543210", fin="1149221876", **about),  # type: ignore[arg-type]
    )
    assert same(again)
    assert again.contradicted


def test_passports_of_two_countries_neither_link_nor_forbid() -> None:
    mexican = person("Jose Garcia", born="1990-03-12", passport="MX: G12345678")
    american = person("Jose Garcia", born="1990-03-12", passport="US: G12345678")
    weighed = weigh(mexican, american)
    assert not weighed.strong
    assert not weighed.contradicted
    assert same(weighed)
    assert not weigh(person(passport="MX: G12345678"), person(passport="US: G12345678")).proposed
    assert weigh(mexican, mexican).strong


def test_a_passport_without_its_country_is_no_strong_identifier() -> None:
    weighed = weigh(person(passport="G12345678"), person(passport="MX: G12345678"))
    assert not weighed.strong
    assert not weighed.proposed


def test_a_curp_stands_for_one_person_where_its_check_digit_agrees() -> None:
    right, slip = "HEGG560427MVZRRL04", "HEGG560427MVZRRL05"
    weighed = weigh(person(curp=right), person(document=f"CURP {right}"))
    assert weighed.strong
    assert weighed.proposed
    doubted = weigh(person(curp=slip), person(curp=slip))
    assert not doubted.strong
    assert not doubted.proposed
    assert [row.words for row in doubted.rows] == ["the same, but its check digit does not agree"]
    differ = weigh(
        person("Jose Garcia", born="1956-04-27", curp=right),
        person("Jose Garcia", born="1956-04-27", curp="HEGG560427MVZRRL12"),
    )
    assert not differ.contradicted


def test_a_social_security_number_alone_makes_nobody_one() -> None:
    lent = weigh(person("Jose Garcia", ssn="123-45-6788"), person("Elena Ortiz", ssn="123456788"))
    assert not lent.strong
    assert not same(lent)


def test_one_phone_alone_is_an_association_and_not_one_person() -> None:
    weighed = weigh(
        person("Jose Garcia", born="1990-03-12", phones=(PHONE,)),
        person("Elena Ortiz", born="1971-06-02", phones=("(520) 555-0123",)),
    )
    assert weighed.relation is Relation.ASSOCIATION
    assert weighed.proposed
    assert not weighed.strong
    assert [each.feature for each in weighed.rows] == ["phone"]


def test_the_phone_of_a_shelter_is_no_evidence_at_all() -> None:
    shelter = Lexicon(shared_phones=frozenset({PHONE}))
    one, two = person("Jose Garcia", phones=(PHONE,)), person("Elena Ortiz", phones=(PHONE,))
    weighed = weigh(one, two, lexicon=shelter)
    assert not weighed.proposed
    assert "phone" not in {each.feature for each in weighed.rows}
    line = pointer("phone", phones=(PHONE,))
    assert weigh(one, line, lexicon=shelter) == Weighed(relation=Relation.ASSOCIATION, rows=())


@pytest.mark.parametrize("flag", [True, None])
def test_the_household_of_a_child_links_nobody_to_it(flag: bool | None) -> None:
    screened = dict.fromkeys(Protections.screened().effective, False) | {"juvenile": flag}
    child = pointer(
        "person",
        "Elena Ortiz",
        phones=(PHONE,),
        plates=("AZ ABC1234",),
        protections=Protections(**screened),
    )
    for other in (
        person("Jose Garcia", phones=(PHONE,)),
        pointer("phone", phones=(PHONE,)),
        vehicle("AZ ABC1234"),
    ):
        assert not weigh(child, other).proposed
        assert not weigh(other, child).proposed


def test_a_person_and_a_car_meet_by_its_plate() -> None:
    driver = pointer("person", "Jose Garcia", plates=("AZ: ABC-1234",))
    weighed = weigh(driver, vehicle("ABC1234, Arizona"))
    assert weighed.relation is Relation.ASSOCIATION
    assert weighed.proposed
    assert not weigh(driver, vehicle("CA: ABC1234")).proposed
    assert weigh(driver, vehicle("ABC1234")).proposed
    assert not weigh(pointer("person", plates=("AZ: A12",)), vehicle("AZ: A12")).proposed


def test_a_line_and_a_person_meet_by_the_number() -> None:
    weighed = weigh(person("Jose Garcia", phones=(PHONE,)), pointer("phone", phones=(PHONE,)))
    assert (weighed.relation, weighed.proposed) == (Relation.ASSOCIATION, True)


def test_two_records_of_one_car_or_of_one_line_are_proposed() -> None:
    weighed = weigh(vehicle("AZ: ABC1234", vin=VIN), vehicle("", vin=VIN))
    assert (weighed.relation, weighed.proposed) == (Relation.SAME_THING, True)
    assert weighed.strong
    line = pointer("phone", phones=(PHONE,))
    assert weigh(line, line).relation is Relation.SAME_THING
    assert weigh(line, line).proposed


def test_one_plate_on_two_cars_is_not_one_car_but_worth_knowing() -> None:
    weighed = weigh(vehicle("AZ: ABC1234", vin=VIN), vehicle("AZ: ABC1234", vin=OTHER_VIN))
    assert (weighed.relation, weighed.proposed) == (Relation.ASSOCIATION, True)
    assert [each.feature for each in weighed.rows] == ["plate"]


def test_shops_of_one_chain_are_not_one_shop() -> None:
    one = pointer("business", "Casa Bonita Motel", phones=(PHONE,))
    assert not weigh(one, pointer("business", "Casa Bonita Motel")).proposed
    assert weigh(one, one).proposed


@pytest.mark.parametrize(
    "name", ["", " ", "---", "?!", "\x00", "\ud800", "😀", "FNU LNU", "UNKNOWN", "A", "J G", "1234"]
)
def test_what_is_no_name_says_next_to_nothing(name: str) -> None:
    one = person(name, born="1990-03-12", sex="M")
    assert not weigh(one, one).proposed
    assert all(each.weight == 0 for each in weigh(one, one).rows if each.feature == "name")
    assert not weigh(one, person("Jose Garcia", born="1990-03-12", sex="M")).proposed


def test_an_empty_pointer_and_a_tombstone_say_nothing() -> None:
    whole = person("Jose Garcia", born="1990-03-12", a_number="A087654321")
    for empty in (person(), whole.buried(version=2)):
        for weighed in (weigh(empty, whole), weigh(whole, empty), weigh(empty, empty)):
            assert weighed.score == 0
            assert not weighed.proposed
            assert not weighed.strong


def test_names_of_five_hundred_letters_are_compared() -> None:
    long = person("A" * 250 + " " + "B" * 250, born="1990-03-12")
    assert same(weigh(long, long))
    many = person(*(f"{'X' * k}Y Z{'W' * k}" for k in range(1, 300)))
    assert weigh(many, many).score > 0


def test_no_value_stands_in_a_repr_or_in_the_words() -> None:
    one = person("Jose Garcia", born="1990-03-12", phones=(PHONE,), a_number="A087654321")
    weighed = weigh(one, one)
    said = repr(weighed) + " ".join(each.words for each in weighed.rows)
    for value in ("Jose", "JOSE", "Garcia", "1990", "5550123", "87654321"):
        assert value not in said


def test_each_row_carries_the_class_by_which_it_is_cut() -> None:
    one = pointer("person", "Jose Garcia", phones=(PHONE,), plates=("AZ: ABC1234",), born="1990")
    classes = {each.feature: each.field_class for each in weigh(one, one).rows}
    assert classes == {
        "name": FieldClass.IDENTITY,
        "birth date": FieldClass.IDENTITY,
        "phone": FieldClass.CONTACT,
        "plate": FieldClass.CONVEYANCE,
    }


NAMES = st.lists(
    st.sampled_from(
        [
            *("Jose Garcia", "Garcia Jose", "Garcia Lopez, Jose", "Lopez Garcia, Jose", "J Garcia"),
            *(
                "Pepe Garcia",
                "José Luis García López",
                "Maria Ortiz",
                "Ortiz",
                "محمد خان",
                "",
                "😀",
            ),
            *("Muhammad Khan", "Mohamed Kan", "Jose Maria Ortiz Lopez", "\ud800 x", "A" * 500),
        ]
    )
    | st.text(max_size=30),
    max_size=4,
)
POINTERS = st.builds(
    lambda kind, names, born, sex, identifiers, phones, plates: pointer(
        kind,
        *names,
        born=born,
        sex=sex,
        identifiers=tuple(identifiers),
        phones=tuple(phones),
        plates=tuple(plates),
    ),
    st.sampled_from(["person", "subject", "vehicle", "phone", "business", "comet"]),
    NAMES,
    st.sampled_from(
        ["", "1990", "1990-03", "03/12/1990", "1990-12-03", "1990-01-01", "x", "1971-7-7"]
    ),
    st.sampled_from(["", "M", "F", "female", "U"]),
    st.lists(
        st.tuples(
            st.sampled_from(
                ["a_number", "fin", "passport", "curp", "ssn", "document", "vin", "voter card"]
            ),
            st.sampled_from(["A087654321", "76543210", "MX: G1234567", "G1234567", VIN, "\x00"]),
        ),
        max_size=3,
    ),
    st.lists(st.sampled_from([PHONE, "5205550123", "+525512345678", "", "none"]), max_size=2),
    st.lists(
        st.sampled_from(["AZ: ABC1234", "ABC1234", "CA: ABC1234", "A1", "\ud800"]), max_size=2
    ),
)


@given(POINTERS, POINTERS)
def test_the_evidence_sums_to_the_score(left: Pointer, right: Pointer) -> None:
    weighed = weigh(left, right, lexicon=LEXICON)
    shown = [f"{each.weight:.1f}" for each in weighed.rows]
    assert [float(text) for text in shown] == [each.weight for each in weighed.rows]
    assert sum(round(float(text) * 10) for text in shown) == round(weighed.score * 10)
    assert float(f"{weighed.score:.1f}") == weighed.score


@given(POINTERS, POINTERS)
def test_the_side_does_not_matter(left: Pointer, right: Pointer) -> None:
    one, two = weigh(left, right, lexicon=LEXICON), weigh(right, left, lexicon=LEXICON)
    assert (one.relation, one.score, one.proposed) == (two.relation, two.score, two.proposed)
    assert (one.strong, one.contradicted) == (two.strong, two.contradicted)

    def said(weighed: Weighed) -> list[tuple[str, str, float]]:
        return sorted((each.feature, each.words, each.weight) for each in weighed.rows)

    assert said(one) == said(two)


@given(POINTERS, NAMES, st.randoms())
def test_the_order_of_names_does_not_matter(
    left: Pointer, names: list[str], random: object
) -> None:
    shuffled = list(names)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    one = weigh(left, person(*names, born="1990-03-12"), lexicon=BARE)
    two = weigh(left, person(*shuffled, born="1990-03-12"), lexicon=BARE)
    assert (one.score, one.proposed) == (two.score, two.proposed)


@given(POINTERS, POINTERS)
def test_what_is_proposed_was_never_given_up_before_it_was_weighed(
    left: Pointer, right: Pointer
) -> None:
    one, two = understood(left, lexicon=LEXICON), understood(right, lexicon=LEXICON)
    assert may_be_proposed(one, two) == may_be_proposed(two, one)
    if weigh(left, right, lexicon=LEXICON).proposed:
        assert may_be_proposed(one, two)


@pytest.mark.parametrize(
    ("born", "phone", "perhaps"),
    [
        ("1990-03-12", "", True),
        ("1990-12-03", "", True),
        ("1971-07-07", "", False),
        ("1971-07-07", PHONE, True),
        ("", "", False),
    ],
)
def test_a_name_is_compared_only_where_a_date_or_a_number_may_carry_it(
    born: str, phone: str, perhaps: bool
) -> None:
    phones = (phone,) if phone else ()
    one = understood(person("Jose Garcia", born="1990-03-12", phones=(PHONE,)), lexicon=BARE)
    two = understood(person("Jose Garcia", born=born, phones=phones), lexicon=BARE)
    assert may_be_proposed(one, two) is perhaps
