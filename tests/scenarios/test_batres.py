"""S2. Apprehended twice in two days: what the first encounter told, removals and convictions,
stands before whoever processes the second.

That voluntary return is refused and a prosecution proposed comes with dispositions themselves.
"""

from __future__ import annotations

import pytest
from tests.scenarios.story import Person, apprehend, names_of, new_event
from tests.web.scene import Scene

pytestmark = [pytest.mark.scenario, pytest.mark.database, pytest.mark.usefixtures("scene")]

FIN = "1199887766"


def test_batres_the_second_encounter_meets_the_first(scene: Scene) -> None:
    first = apprehend(
        new_event(),
        **names_of(given_name="Maximiliano", paternal_surname="Inventado", fin=FIN),
        birth_date="1969-02-03",
        prior_removals=2,
        criminal_history="Aggravated felony, 1996.",
    )
    second = apprehend(
        new_event(),
        **names_of(given_name="Max", paternal_surname="Imbentado", fin=FIN),
        birth_date="1970-03-02",
    )
    agent = Person("agent", None)
    assert first in agent.opens("patrol", second), "who holds more: the earlier encounter"
    page = agent.opens("patrol", first)
    assert "Aggravated felony, 1996." in page
    # And whoever asks by the number of his fingers meets both.
    found = Person("agent").searches(FIN)
    assert first in found
    assert second in found
