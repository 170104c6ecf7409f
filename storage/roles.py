"""Two roles on PostgreSQL: an owner that migrates, and the service's, which cannot change the audit log by any right.

Invariants: the service's role gets what it needs on each table and no more; on the log it may read and add; whoever
owns a table may do all to it, so a service that runs as the owner is pointed out.
"""

from sqlalchemy import Connection, Engine, text
from sqlalchemy.engine import make_url

from storage.schema import audit_log, audit_pending, metadata

KEPT = "SELECT, INSERT, UPDATE, DELETE"
ADDED = "SELECT, INSERT"
REVISIONS = "alembic_version"
RIGHTS = """
SELECT pg_get_userbyid(relowner) = current_user AS owns, has_table_privilege(oid, 'UPDATE') AS change,
has_table_privilege(oid, 'DELETE') AS delete, has_table_privilege(oid, 'TRUNCATE') AS empty
FROM pg_class WHERE oid = to_regclass(:name)
"""


class NoSuchRole(Exception):
    """The role named in the service's address is not there."""


def of(url: str) -> str:
    """The role that an address names; empty when it names none."""
    return make_url(url).username or ""


def grant(engine: Engine, role: str) -> None:
    """Give the service's role its rights, and take back those that it must not have; in one transaction."""
    with engine.begin() as conn:
        if conn.execute(text("SELECT 1 FROM pg_roles WHERE rolname = :role"), {"role": role}).first() is None:
            raise NoSuchRole(role)
        for statement in _statements(conn, conn.dialect.identifier_preparer.quote_identifier(role)):
            conn.execute(text(statement))


def _statements(conn: Connection, role: str) -> list[str]:
    schema = conn.dialect.identifier_preparer.quote_identifier(
        conn.execute(text("SELECT current_schema()")).scalar_one()
    )
    names = [table.name for table in metadata.sorted_tables]
    kept = [name for name in names if name != audit_log.name]
    every = ", ".join([*names, REVISIONS])
    return [
        f"GRANT USAGE ON SCHEMA {schema} TO {role}",
        f"REVOKE ALL ON {every} FROM {role}",
        f"GRANT {KEPT} ON {', '.join(kept)} TO {role}",
        f"GRANT {ADDED} ON {audit_log.name} TO {role}",
        f"GRANT SELECT ON {REVISIONS} TO {role}",
        f"GRANT USAGE ON SEQUENCE {audit_pending.name}_id_seq TO {role}",
    ]


def rights_over_the_log(conn: Connection) -> list[str]:
    """What the role of this connection could do to the audit log beyond reading and adding, as verbs."""
    row = conn.execute(text(RIGHTS), {"name": audit_log.name}).mappings().one()
    return [f"can {word}" if word != "owns" else word for word, may in row.items() if may]
