"""Where notices wait unseen, for the administrator who can mend it."""

from __future__ import annotations

from django.db import Error

from tieline.accounts.hats import HattedRequest
from tieline.core.agreement.viewer import Viewer
from tieline.ui.tables import TableView
from tieline.web.people.units import DirectoryAway
from tieline.web.units.roster import gaps_table, no_gaps_known

__all__ = ["roster_gaps"]


def roster_gaps(request: HattedRequest, viewer: Viewer) -> TableView:
    """Units of the agency with nobody on duty; the home stands without the directory, too."""
    try:
        return gaps_table(viewer.agency, at=request.at)
    except Error as error:
        return no_gaps_known(DirectoryAway(error))
