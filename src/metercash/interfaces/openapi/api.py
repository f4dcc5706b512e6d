"""The API object: what every operation shares."""

from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from metercash import __version__
from metercash.interfaces.openapi import accounts, bills, facts, money, prices, problems, readings
from metercash.interfaces.openapi.problems import Problem
from metercash.interfaces.openapi.security import TokenAuth


DESCRIPTION = """
Money is a decimal string in yuan; quantities are decimal strings with a unit beside them; periods are
half-open: `period_until` is the day after the last day. Lists take `limit` and `starting_after` and answer
`has_more` and `next_cursor`. Every POST that moves money needs an `Idempotency-Key`. Errors are problem
documents (RFC 9457); decide by their `code`.
"""


class Api(NinjaAPI):
    """Adds the problem answers every operation may give to the published schema."""

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        """The schema with the shared error answers."""
        schema = super().get_openapi_schema(**options)
        schema["components"]["schemas"].setdefault("Problem", Problem.json_schema())
        answer = {
            "description": "Problem document",
            "content": {
                problems.CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}
            },
        }
        for operations in schema["paths"].values():
            for operation in operations.values():
                for status in ("400", "401", "403", "404", "409", "422", "429"):
                    operation["responses"].setdefault(status, answer)
        return schema


api = Api(
    title="Metercash API",
    version=__version__,
    description=DESCRIPTION,
    auth=TokenAuth(),
    urls_namespace="openapi",
    docs_url=None,
)
problems.install(api)
api.add_router("", accounts.router)
api.add_router("", facts.router)
api.add_router("", bills.router)
api.add_router("", money.router)
api.add_router("", prices.router)
api.add_router("", readings.router)
