"""The same key acts once."""

import threading

import pytest

from metercash.kernel.errors import InvalidInput
from metercash.platform import idempotency, tenancy


class TestOnce:
    def test_gives_the_first_answer_again(self, tenant: int) -> None:
        acts: list[int] = []

        def act() -> tuple[int, dict[str, int]]:
            acts.append(1)
            return 201, {"n": len(acts)}

        first = idempotency.once(key="k-1", route="r", body=b"a", act=act)
        second = idempotency.once(key="k-1", route="r", body=b"a", act=act)
        assert (first.body, first.replayed) == ({"n": 1}, False)
        assert (second.body, second.replayed) == ({"n": 1}, True)

    def test_refuses_another_body(self, tenant: int) -> None:
        idempotency.once(key="k-1", route="r", body=b"a", act=lambda: (200, {}))
        with pytest.raises(idempotency.KeyReused):
            idempotency.once(key="k-1", route="r", body=b"b", act=lambda: (200, {}))

    def test_frees_the_key_of_a_refused_act(self, tenant: int) -> None:
        def refuse() -> tuple[int, dict[str, int]]:
            raise InvalidInput(field="x", reason="y")

        with pytest.raises(InvalidInput):
            idempotency.once(key="k-1", route="r", body=b"a", act=refuse)
        answer = idempotency.once(key="k-1", route="r", body=b"a", act=lambda: (200, {"ok": 1}))
        assert answer.body == {"ok": 1}

    def test_acts_once_under_concurrency(self, tenant: int) -> None:
        acts: list[int] = []
        outcomes: list[str] = []
        gate = threading.Barrier(8)

        def act() -> tuple[int, dict[str, int]]:
            acts.append(1)
            return 200, {}

        def call() -> None:
            from django.db import connection

            with tenancy.bind(tenant):
                gate.wait()
                try:
                    answer = idempotency.once(key="k-2", route="r", body=b"a", act=act)
                    outcomes.append("replayed" if answer.replayed else "acted")
                except idempotency.StillRunning:
                    outcomes.append("running")
            connection.close()

        threads = [threading.Thread(target=call) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(acts) == 1
        assert outcomes.count("acted") == 1
        assert len(outcomes) == 8
