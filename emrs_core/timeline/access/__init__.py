"""Who may see and do what with kept sessions."""

from emrs_core.timeline.access.sessions import AccessibleSessions
from emrs_core.timeline.access.viewer import GUEST_ID, OWNER_ID, Role, Viewer, is_reviewer, person_id

__all__ = ["GUEST_ID", "OWNER_ID", "AccessibleSessions", "Role", "Viewer", "is_reviewer", "person_id"]
