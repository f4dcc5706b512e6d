"""The same estate as the integration tests."""

from tests.integration.billing.conftest import estate


__all__ = ["estate"]
