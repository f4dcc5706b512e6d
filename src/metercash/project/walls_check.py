"""Refuses to serve when the wall between tenants does not stand."""

from typing import Any


_ROLE = "select rolsuper or rolbypassrls from pg_roles where rolname = current_user"
_TABLES = """
select c.relname
from pg_class c
join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'public'
where c.relkind in ('r', 'p')
  and (not c.relrowsecurity or not c.relforcerowsecurity
       or not exists (select from pg_policy p where p.polrelid = c.oid
                      and p.polqual is not null and p.polwithcheck is not null))
order by 1
"""
_OWNED = """
select count(*) from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname = 'public' and c.relkind = 'r' and pg_get_userbyid(c.relowner) = current_user
"""


def problems(connection: Any) -> list[str]:
    """What is wrong with the role or the tables, one sentence each; empty when all is well."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute(_ROLE)
        if cursor.fetchone()[0]:
            found.append("the application's role may bypass row-level security")
        cursor.execute(_OWNED)
        if cursor.fetchone()[0]:
            found.append("the application's role owns tables and could take their walls down")
        cursor.execute(_TABLES)
        found.extend(f"table {name} lacks its row-level security" for (name,) in cursor.fetchall())
        cursor.execute("select to_regclass('public.tenancy_tenant') is not null")
        if not cursor.fetchone()[0]:
            found.append("the database is not migrated: run `metercash migrate`")
    return found
