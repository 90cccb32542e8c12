"""What administering a firm lets somebody do, apart from single records: one rule for each right.

Alliance managers have them. What concerns nobody but their firm is for those whom it has confirmed:
somebody else may have named them. So is an invitation, which opens what is joint to a further firm.
"""

from typing import Literal

from governance.people.members import Seat

Right = Literal["people", "bind", "link", "export", "firm", "audit", "invite"]
"""To add and change people; to propose and answer what binds every firm; to link and unlink
channels; to take the records along; to change the firm's own settings and turn its private records
on or off; to read the audit; to invite a further firm."""

FOR_CONFIRMED: tuple[Right, ...] = ("firm", "audit", "invite")


def has(by: Seat, right: Right) -> bool:
    return by.is_manager and not (right in FOR_CONFIRMED and by.member.stated)
