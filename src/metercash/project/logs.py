"""Structured logs: one JSON object or one readable line an event; personal data is never passed in."""

import logging
import sys

import structlog

from metercash.project import environment


HIDDEN = frozenset({"password", "token", "secret", "name", "phone", "address", "id_number", "body"})


def configure() -> None:
    """Send structlog and the standard library to standard error in the form ``METERCASH_LOG`` asks for."""
    form = environment.choice("METERCASH_LOG", "console", ("json", "console"))
    level = environment.choice("METERCASH_LOG_LEVEL", "info", ("info", "warning"))
    lowest = logging.INFO if level == "info" else logging.WARNING
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            hide_personal_data,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(lowest),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")


def hide_personal_data(
    logger: object, method: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """Blank out fields that could name a person, should one ever be passed."""
    for key in HIDDEN.intersection(event):
        event[key] = "[hidden]"
    return event
