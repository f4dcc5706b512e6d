"""One tenant never sees another: by manager and by the database."""

import psycopg
import pytest
from django.db import ProgrammingError, connection

from metercash.platform import audit, db, outbox, tenancy
from metercash.platform.access import Role, api
from metercash.platform.access.models import StaffUser
from metercash.project import walls_check


def _user(username: str) -> int:
    return api.create_user(
        username=username, display_name="李静", roles=[Role.COUNTER_CLERK], password=None
    ).user_id


class TestScopedManager:
    def test_refuses_without_tenant(self, database: str) -> None:
        with pytest.raises(tenancy.TenantNotBound), db.transaction():
            StaffUser.objects.count()

    def test_refuses_outside_transaction(self, tenant: int) -> None:
        with pytest.raises(db.TransactionRequired):
            StaffUser.objects.count()

    def test_sees_only_its_tenant(self, tenant: int, other_tenant: int) -> None:
        _user("li")
        with tenancy.bind(other_tenant):
            _user("wang")
            with db.transaction():
                assert [user.username for user in StaffUser.objects.all()] == ["wang"]


class TestRowLevelSecurity:
    def test_hides_rows_from_raw_sql(self, tenant: int, other_tenant: int) -> None:
        _user("li")
        with tenancy.bind(other_tenant), db.transaction(), connection.cursor() as cursor:
            cursor.execute("select count(*) from access_staffuser")
            assert cursor.fetchone() == (0,)

    def test_shows_nothing_outside_a_transaction(self, tenant: int) -> None:
        _user("li")
        with connection.cursor() as cursor:
            cursor.execute("select count(*) from access_staffuser")
            assert cursor.fetchone() == (0,)

    def test_refuses_rows_of_another_tenant(self, tenant: int, other_tenant: int) -> None:
        with pytest.raises(ProgrammingError, match="row-level security"), db.transaction():
            StaffUser.objects.create(tenant_id=other_tenant, username="x", display_name="x")
        with tenancy.bind(other_tenant), db.transaction():
            assert StaffUser.objects.count() == 0

    def test_forgets_the_tenant_after_each_transaction(
        self, tenant: int, other_tenant: int
    ) -> None:
        _user("li")
        with db.transaction():
            pass
        with tenancy.bind(other_tenant), db.transaction():
            assert StaffUser.objects.count() == 0

    def test_owner_is_refused_too(self, tenant: int, database: str) -> None:
        _user("li")
        with psycopg.connect(database) as owner:
            assert owner.execute("select count(*) from access_staffuser").fetchone() == (0,)


class TestStartUpCheck:
    def test_finds_nothing_wrong(self, tenant: int) -> None:
        assert walls_check.problems(connection) == []

    def test_names_a_table_without_wall(self, tenant: int, database: str) -> None:
        with psycopg.connect(database, autocommit=True) as owner:
            owner.execute("create table bare (id bigint, tenant_id bigint)")
            try:
                assert walls_check.problems(connection) == [
                    "table bare lacks its row-level security"
                ]
            finally:
                owner.execute("drop table bare")


class TestAudit:
    def test_rolls_back_with_the_change(self, tenant: int) -> None:
        def change_and_fail() -> None:
            with db.transaction():
                audit.record(action="a.b.c", subject="x:1")
                raise KeyError

        with pytest.raises(KeyError):
            change_and_fail()
        assert audit.list_entries().items == []

    def test_is_append_only_for_owner_and_application(self, tenant: int, database: str) -> None:
        with audit.acting(audit.Actor(7, "李静", "10.0.0.1")), db.transaction():
            audit.record(action="a.b.c", subject="x:1", detail={"fen": 5})
        with pytest.raises(ProgrammingError), db.transaction(), connection.cursor() as cursor:
            cursor.execute("update audit_auditentry set actor_name = 'x'")
        with psycopg.connect(database) as owner:
            owner.execute("select set_config('app.tenant', %s, true)", [str(tenant)])
            with pytest.raises(psycopg.errors.IntegrityConstraintViolation):
                owner.execute("delete from audit_auditentry")
        (entry,) = audit.list_entries(action="a.b").items
        assert (entry.actor_name, entry.subject, entry.detail) == ("李静", "x:1", {"fen": 5})


class TestOutbox:
    def test_delivers_once_after_commit(self, tenant: int) -> None:
        seen: list[int] = []
        outbox.subscribe("test.thing.done", lambda event: seen.append(event.payload["n"]))
        with db.transaction():
            outbox.publish("test.thing.done", n=3)
            assert seen == []
        assert seen == [3]
        assert outbox.deliver_pending() == 0
        assert seen == [3]

    def test_keeps_an_event_whose_handler_fails(self, tenant: int) -> None:
        calls: list[int] = []

        def fail_once(event: outbox.Event) -> None:
            calls.append(1)
            if len(calls) == 1:
                raise ValueError(event.name)

        outbox.subscribe("test.thing.fails", fail_once)
        with db.transaction():
            outbox.publish("test.thing.fails")
        assert outbox.pending_count() == 1
        assert outbox.deliver_pending() == 1
        assert outbox.pending_count() == 0


class TestCopyRows:
    def test_writes_and_reserves_ids(self, tenant: int) -> None:
        with db.transaction():
            ids = db.reserve_ids(StaffUser, 2)
            assert len(set(ids)) == 2
            written = db.copy_rows(
                "outbox_outboxevent",
                ["name", "version", "payload", "attempts"],
                [["x.y.z", 1, "{}", 0]],
                same={"created_at": "2026-01-20 00:00+08", "last_error": ""},
            )
        assert written == 1
