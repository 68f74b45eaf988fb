"""Every number the simulation is made of, in one place, and where it comes from. Data only; computes nothing.

`invented` numbers are made up so that a simulated year looks like one; the others are scaled from a public figure that
is named. None of them says anything about a real unit.
"""

from __future__ import annotations

from typing import Final

from shared.instants import HOUR, MINUTE, SECOND

__all__ = [
    "AFTER_HOLIDAY",
    "ANSWER_DAYS",
    "BEFORE_HOLIDAY",
    "BREAKS",
    "CHANNEL_POSTAL",
    "COMMUNE_DOSSIERS",
    "COUNTRY_COMMUNES",
    "COUNTRY_DOSSIERS",
    "COUNTRY_PROVINCES",
    "DELAYS",
    "DEPARTMENT_SHARE",
    "GATEWAYS",
    "HOURS",
    "HURRY",
    "LEAN",
    "LOADS",
    "MISTAKES",
    "MONTHS",
    "NIGHT_BATCH",
    "NO_ANSWER_DAYS",
    "PACE",
    "PACE_SPREAD",
    "PROVINCE_COMMUNES",
    "PROVINCE_DOSSIERS",
    "SENDERS",
    "SHARES",
    "SLOWEST_INTAKE",
    "TROUBLES",
    "VERDICTS",
    "WAVES",
    "WEEKDAYS",
    "WORK_MINUTES",
]

# --- How much ---
#: A year of a province: twelve times Phú Thọ's 152,595 of 8/2026, rounded down.
PROVINCE_DOSSIERS: Final = 1_800_000
#: Communes of the province: with its 12 departments 150 units, as provinces report 100 to 165.
PROVINCE_COMMUNES: Final = 138
#: A year of one small commune; invented.
COMMUNE_DOSSIERS: Final = 3_000
#: The country after the merger of 2025: 34 provinces with 3,321 communes.
COUNTRY_PROVINCES: Final = 34
COUNTRY_COMMUNES: Final = 3_321
#: A year of the country; invented, from the portal's 180,000 a day synchronised, which is not all there is.
COUNTRY_DOSSIERS: Final = 36_000_000
#: What of a province's dossiers departments handle; invented.
DEPARTMENT_SHARE: Final = 0.25

# --- When (all invented) ---
#: Weight of Monday to Sunday; Saturdays and Sundays are worked in exchange only.
WEEKDAYS: Final = (1.25, 1.05, 1.0, 0.97, 0.88, 0.6, 0.4)
#: Weight of January to December: quiet around Tết, busy before the school year and at the year's end.
MONTHS: Final = (0.95, 0.7, 1.1, 1.05, 1.05, 1.1, 1.1, 1.15, 1.0, 1.0, 1.0, 0.8)
#: The last working day before three or more days off, and the first after them.
BEFORE_HOLIDAY: Final = 0.75
AFTER_HOLIDAY: Final = 1.45
#: Weight, centre and width of the waves of a day in working minutes: about 08:45 and about 14:00.
WAVES: Final = ((0.62, 75, 50), (0.38, 300, 55))
#: What of the dossiers is sent by post.
CHANNEL_POSTAL: Final = 0.07
#: How many of a hundred online submissions are answered late, up to so many working hours.
SLOWEST_INTAKE: Final = (0.03, 20 * HOUR)

# --- How offices work (all invented) ---
#: Minutes of one person's work on a step: a basis, and more for each day of the term, at most.
WORK_MINUTES: Final = (6, 2.2, 90)
#: Share of a step's budget that passes before somebody can work on it (papers under way, visits, meetings): the middle
#: of a log-normal distribution and its spread. It costs nobody's time.
PACE: Final = 0.5
PACE_SPREAD: Final = 0.34
#: Chance and bounds of the load of a unit: work offered as a share of what its people can do.
LOADS: Final = ((0.8, 0.62, 0.86), (0.14, 0.86, 0.93), (0.06, 0.96, 1.02))
#: Chance that a unit is short of people for some weeks, the share of people left, and for how many weeks.
LEAN: Final = (0.12, 0.55, 4, 9)
#: How much the due date counts against the order of arrival, in quarters, by chance over units.
HURRY: Final = (0, 1, 2, 2, 3)

# --- What happens to dossiers (all invented) ---
#: Chances of what holds a dossier up; the rest goes straight through.
TROUBLES: Final = {
    "supplement": 0.06,
    "extension": 0.025,
    "extension_and_supplement": 0.004,
    "handed_over": 0.012,
    "withdrawn": 0.012,
    "stopped": 0.006,
    "sent_back": 0.015,
    "resumed": 0.002,
    "turned_down": 0.003,
    "reopened": 0.004,
}
#: The office stops after so many working days without an answer.
NO_ANSWER_DAYS: Final = 20
#: Working days an applicant takes to answer.
ANSWER_DAYS: Final = (0.3, 7.0)
#: Chances of the smaller things, by what they are of.
SHARES: Final = {
    # of submissions
    "refused": 0.03,
    # of dossiers
    "promise_told": 0.9,
    "promise_a_day_later": 0.01,
    "handed_in_elsewhere": 0.15,
    "identity_verified": 0.5,
    "all_digitised": 0.6,
    "petition": 0.004,
    "portal": 0.3,
    # of those with a fee
    "fee_paid": 0.97,
    # of offices that will be late: say so an hour before
    "apology": 0.6,
    # of extensions: on the due day only, with an apology
    "extended_too_late": 0.2,
    "extended_with_apology": 0.9,
    # of supplements: never answered, asked for more meanwhile, asked again after the answer, a new date promised
    "unanswered": 0.06,
    "asked_meanwhile": 0.03,
    "asked_again": 0.08,
    "new_date": 0.4,
    # of results
    "returned": 0.8,
    "document": 0.9,
    "e_result": 0.75,
    "stored": 0.08,
    "rated": 0.12,
    # of ratings
    "disliked": 0.06,
    "scored": 0.3,
    "wrongly_rated": 0.02,
    # of petitions
    "petition_refused": 0.08,
    "petition_more_asked": 0.15,
    "petition_late": 0.15,
    "petition_handed_over": 0.2,
    "petition_supplemented": 0.8,
    # of what the portal is told
    "portal_rejects": 0.06,
    "portal_wrong_end": 0.01,
    # of entries
    "doubled": 0.015,
}
#: Hours the smaller things take, shortest and longest; of offices in working time.
HOURS: Final = {
    "again": (1, 12),
    "reopening": (2, 60),
    "second_handling": (2, 24),
    "correction": (0.2, 6),
    "taking_back": (0.5, 20),
    "afterthought": (2, 9),
    "wrong_end": (1, 24),
    "paying": (0.02, 0.7),
    "petition": (2, 480),
    "petition_refusal": (2, 20),
    "petition_asking": (4, 40),
    "petition_publishing": (1, 24),
    "petition_judging": (1, 72),
    "rating": (1, 48),
    "doubling": (0.02, 8),
}
#: Ways of paying and what petitioners think, by weight.
GATEWAYS: Final = {"national": 5, "provincial": 2, "none": 3}
VERDICTS: Final = {"satisfied": 70, "disliked": 22, "raised_again": 8}

# --- How systems send ---
#: Kinds of senders by chance over units; invented.
SENDERS: Final = {"prompt": 0.72, "hourly": 0.15, "nightly": 0.13}
#: Local minute of the day at which nightly senders begin, and how long they take.
NIGHT_BATCH: Final = (22 * 60, 70 * MINUTE)
#: A prompt sender's delays: chance up to, shortest, longest; invented.
DELAYS: Final = (
    (0.93, 1 * SECOND, 20 * SECOND),
    (0.975, 5 * MINUTE, 180 * MINUTE),
    (0.995, 3 * HOUR, 20 * HOUR),
    (1.0, 24 * HOUR, 72 * HOUR),
)
#: Chance a month that a unit's synchronisation breaks, and for how many days. Set so that about six in ten dossiers
#: that the portal takes for overdue are so because of data, as Gia Lai found in 9/2025 (61 % and 39 %).
BREAKS: Final = (0.16, 1.0, 6.0)
#: Chances a dossier of what sources get wrong; all invented, and small enough to be exceptions.
MISTAKES: Final = {
    "corrected_channel": 0.012,
    "corrected_promise": 0.005,
    "corrected_unit": 0.003,
    "corrected_end": 0.008,
    "two_contents": 0.003,
    "withdrawn_end": 0.004,
    "withdrawn_request": 0.003,
    "stranger": 0.005,
    "missing_step": 0.002,
    "second_acceptance": 0.004,
    "early_entry": 0.003,
    "end_before_acceptance": 0.002,
    "entry_after_finish": 0.003,
    "receipt_without_request": 0.003,
    "unknown_channel": 0.003,
    "registered_by_mistake": 0.003,
    "second_end": 0.004,
    "malformed": 0.002,
    "wrong_code": 0.003,
}
