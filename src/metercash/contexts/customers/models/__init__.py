"""Tables of customers; thin rows, decisions live in ``core``."""

from metercash.contexts.customers.models.facts import AreaPart as AreaPart
from metercash.contexts.customers.models.facts import Contract as Contract
from metercash.contexts.customers.models.facts import Evidence as Evidence
from metercash.contexts.customers.models.facts import Household as Household
from metercash.contexts.customers.models.facts import SupplyGap as SupplyGap
from metercash.contexts.customers.models.facts import Suspension as Suspension
from metercash.contexts.customers.models.facts import Transformer as Transformer
from metercash.contexts.customers.models.registry import Account as Account
from metercash.contexts.customers.models.registry import Agreement as Agreement
from metercash.contexts.customers.models.registry import Building as Building
from metercash.contexts.customers.models.registry import Community as Community
from metercash.contexts.customers.models.registry import Contact as Contact
from metercash.contexts.customers.models.registry import Party as Party
from metercash.contexts.customers.models.registry import Premises as Premises
from metercash.contexts.customers.models.registry import SearchToken as SearchToken
from metercash.contexts.customers.models.registry import ServicePoint as ServicePoint
