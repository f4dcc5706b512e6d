"""Who answers for a step that a program or the command line takes in a person's name."""

from metercash.kernel.errors import NotFound, PermissionRefused
from metercash.platform.access import api
from metercash.platform.access.api import User
from metercash.platform.access.permissions import PERMISSION_NAMES, permitted


def person(username: str, permission: str) -> User:
    """The active user of that name, who may do this.

    Raises:
        NotFound: if there is no such user.
        PermissionRefused: if none of the roles carries the permission.
    """
    for user in api.list_users():
        if user.username == username and user.is_active:
            if not permitted(user.roles, permission):
                raise PermissionRefused(label=PERMISSION_NAMES[permission], permission=permission)
            return user
    raise NotFound(what=f"用户 {username}")
