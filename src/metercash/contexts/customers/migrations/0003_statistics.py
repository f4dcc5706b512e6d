"""Lets the application refresh the planner's statistics after a bulk write.

Without them the planner takes freshly filled tables for empty ones and joins them row by row.
"""

from django.db import migrations


CREATE = """
create function customers_analyze() returns void language sql security definer
set search_path = public, pg_temp as $$
    analyze customers_party, customers_community, customers_building, customers_premises,
        customers_servicepoint, customers_account, customers_agreement, customers_contact,
        customers_searchtoken
$$;
revoke all on function customers_analyze() from public;
grant execute on function customers_analyze() to metercash_app;
"""


class Migration(migrations.Migration):
    """ANALYZE belongs to the owner of the tables, so the function runs with the owner's rights."""

    dependencies = [("customers", "0002_walls")]

    operations = [migrations.RunSQL(CREATE, "drop function customers_analyze()")]
