"""Lets the application refresh the planner's statistics after a bulk write.

Without them the planner takes freshly filled tables for empty ones, joins them row by row and sorts where an
index has the order.
"""

from django.db import migrations


CREATE = """
create function refresh_statistics(tables text[]) returns void language plpgsql security definer
set search_path = public, pg_temp as $$
declare name text;
begin
    foreach name in array tables loop
        execute format('analyze %I', name);
    end loop;
end $$;
revoke all on function refresh_statistics(text[]) from public;
grant execute on function refresh_statistics(text[]) to metercash_app;
"""


class Migration(migrations.Migration):
    """ANALYZE belongs to the owner of the tables, so the function runs with the owner's rights."""

    dependencies = [("tenancy", "0001_initial")]

    operations = [migrations.RunSQL(CREATE, "drop function refresh_statistics(text[])")]
