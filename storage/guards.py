"""What makes the audit log refuse changes: triggers, raised after every migration and looked for at every start.

Invariants: what refuses is looked at whole (its moment, its body, that it is switched on), not by its name alone;
raising them anew takes down whatever stands in their place.
"""

from sqlalchemy import Connection, text

REFUSAL = "the audit log is append-only"
SQLITE = {
    "audit_log_no_update": "BEFORE UPDATE ON audit_log",
    "audit_log_no_delete": "BEFORE DELETE ON audit_log",
}
POSTGRES = {  # with pg_trigger.tgtype: a statement's, before it, of this kind
    "audit_log_no_update": ("BEFORE UPDATE ON audit_log", 2 | 16),
    "audit_log_no_delete": ("BEFORE DELETE ON audit_log", 2 | 8),
    "audit_log_no_truncate": ("BEFORE TRUNCATE ON audit_log", 2 | 32),
}
FUNCTION = "audit_log_refuses"
BODY = f"BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END"
STANDING = """
SELECT t.tgname FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
WHERE t.tgrelid = 'audit_log'::regclass AND t.tgenabled = 'A' AND t.tgtype = :type AND t.tgname = :name
AND t.tgqual IS NULL AND t.tgattr = '' AND p.proname = :function AND p.prosrc = :body
"""


def raise_guards(conn: Connection) -> None:
    """(Re-)create what refuses changes; after every migration, because batch migrations drop triggers silently."""
    if conn.dialect.name == "sqlite":
        for name, moment in SQLITE.items():
            conn.execute(text(f"DROP TRIGGER IF EXISTS {name}"))
            conn.execute(text(f"CREATE TRIGGER {name} {moment} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"))
        return
    conn.execute(
        text(f"CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $guard${BODY}$guard$")
    )
    for name, (moment, _type) in POSTGRES.items():
        conn.execute(text(f"DROP TRIGGER IF EXISTS {name} ON audit_log"))
        conn.execute(text(f"CREATE TRIGGER {name} {moment} FOR EACH STATEMENT EXECUTE FUNCTION {FUNCTION}()"))
        conn.execute(text(f"ALTER TABLE audit_log ENABLE ALWAYS TRIGGER {name}"))


def missing_guards(conn: Connection) -> list[str]:
    """Names of guards that are not in place."""
    if conn.dialect.name == "sqlite":
        standing = set(conn.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars())
        return sorted(set(SQLITE) - standing)
    missing = []
    for name, (_moment, type) in POSTGRES.items():
        asked = {"name": name, "type": type, "function": FUNCTION, "body": BODY}
        if conn.execute(text(STANDING), asked).first() is None:
            missing.append(name)
    return sorted(missing)
