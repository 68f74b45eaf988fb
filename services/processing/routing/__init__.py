"""Who holds a dossier in which step, from when to when: routes followed, steps measured, a delay split among units.

Pure: a function of the entries that hold, the route and the calendars. Knows no due date of a dossier but the one it
is given to split a delay.
"""

from services.processing.routing.blame import blame
from services.processing.routing.follow import follow_steps
from services.processing.routing.model import Ahead, RejectedAct, Routing, StepFact
from services.processing.routing.plan import own_route
from services.processing.routing.slip import slip

__all__ = ["Ahead", "RejectedAct", "Routing", "StepFact", "blame", "follow_steps", "own_route", "slip"]
