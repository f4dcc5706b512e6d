"""Who may come in, and who may do what: signing in, roles, one permission check per route."""

from metercash.platform.access.guards import requires
from metercash.platform.access.permissions import PERMISSIONS, ROLE_NAMES, Role


__all__ = ["PERMISSIONS", "ROLE_NAMES", "Role", "requires"]
