"""What can go wrong with the embedded server."""

from metercash.kernel.errors import MetercashError


class PostgresError(MetercashError):
    """The embedded PostgreSQL server cannot be used; ``reason`` says why."""

    code = "platform.postgres.failed"
    status = 503
    message_zh = "内置数据库不可用：{reason}"
    message_en = "{reason}"


class ProgramsMissing(PostgresError):
    """No PostgreSQL programs were found where they should be."""

    code = "platform.postgres.programs_missing"


class VersionMismatch(PostgresError):
    """The data folder was made by another major version of PostgreSQL."""

    code = "platform.postgres.version_mismatch"


class ServerFailed(PostgresError):
    """The server did not start, did not answer, or did not stop."""

    code = "platform.postgres.server_failed"
