"""Lists, their fields and tags."""

from digest.entrypoints.api.v1.resources import lists
from digest.entrypoints.api.v1.shapes import lists as list_shapes
from digest.entrypoints.api.v1.table import ROOT, ApiRoute
from digest.model import Scope

LIST = f"{ROOT}/lists/{{slug}}"

LISTS: tuple[ApiRoute, ...] = (
    # Lists.
    ApiRoute(
        method="GET",
        path=f"{ROOT}/lists",
        needs=Scope.LISTS_READ,
        does=lists.list_lists,
        says="The lists that the key may see",
        answer=list_shapes.ListPage,
        narrows=True,
    ),
    ApiRoute(
        method="POST",
        path=f"{ROOT}/lists",
        needs=Scope.LISTS_WRITE,
        does=lists.add_list,
        says="Make a list",
        body=list_shapes.NewList,
        answer=list_shapes.ListShown,
        status=201,
        act="lists.add",
    ),
    ApiRoute(
        method="GET",
        path=LIST,
        needs=Scope.LISTS_READ,
        does=lists.show_list,
        says="A list with its settings",
        answer=list_shapes.ListShown,
    ),
    ApiRoute(
        method="PATCH",
        path=LIST,
        needs=Scope.LISTS_WRITE,
        does=lists.change_list,
        says="Change settings of a list",
        body=list_shapes.ListChanges,
        answer=list_shapes.ListShown,
        act="lists.set",
    ),
    ApiRoute(
        method="DELETE",
        path=LIST,
        needs=Scope.LISTS_WRITE,
        does=lists.remove_list,
        says="Remove a list with its editions and subscriptions",
        status=204,
        act="lists.remove",
    ),
    ApiRoute(
        method="GET",
        path=f"{LIST}/fields",
        needs=Scope.LISTS_READ,
        does=lists.list_fields,
        says="A list's own fields",
        answer=list_shapes.FieldPage,
    ),
    ApiRoute(
        method="GET",
        path=f"{LIST}/tags",
        needs=Scope.LISTS_READ,
        does=lists.list_tags,
        says="A list's tags, and how many people have each",
        answer=list_shapes.TagPage,
    ),
)
