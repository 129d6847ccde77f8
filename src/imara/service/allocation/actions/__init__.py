"""What changes allocation: opening, drawing, telling, unblinding, errors, revealing; the only writers of this room."""

from imara.service.allocation.actions.drawing import Drawn, allocate, allocate_together, tell_again
from imara.service.allocation.actions.errors import decide_error, report_error
from imara.service.allocation.actions.opening import open_allocation, reveal
from imara.service.allocation.actions.unblinding import (
    confirm_unblinding,
    decline_unblinding,
    go_on_alone,
    note_unblinding,
    request_arm,
    show_arm,
)

__all__ = [
    "Drawn",
    "allocate",
    "allocate_together",
    "confirm_unblinding",
    "decide_error",
    "decline_unblinding",
    "go_on_alone",
    "note_unblinding",
    "open_allocation",
    "report_error",
    "request_arm",
    "reveal",
    "show_arm",
    "tell_again",
]
