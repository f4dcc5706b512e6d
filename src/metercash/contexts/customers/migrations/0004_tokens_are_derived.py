"""Search words are derived from accounts and rebuilt with them; checking each costs half an import."""

from django.db import migrations


DROP = """
alter table customers_searchtoken drop constraint customers_searchtoken_account_id_tenant
"""
RESTORE = """
alter table customers_searchtoken add constraint customers_searchtoken_account_id_tenant
foreign key (tenant_id, account_id) references customers_account (tenant_id, id)
deferrable initially immediate
"""


class Migration(migrations.Migration):
    """Row-level security and the tenant's own key stay."""

    dependencies = [("customers", "0002_walls")]

    operations = [migrations.RunSQL(DROP, RESTORE)]
