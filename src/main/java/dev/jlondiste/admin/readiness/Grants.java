package dev.jlondiste.admin.readiness;

import dev.jlondiste.db.Sql;
import dev.jlondiste.db.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;

/** Roles and privileges of replicated objects. Stateless; the caller owns the transaction. */
final class Grants {
  private static final String PUBLIC = "public";

  /** Without an ACL, the default privileges apply. The server's own roles are left out. */
  private static final String LIST =
      """
      with objects as (
        select c.oid, t.name, c.relkind, c.relowner, c.relacl, c.relnamespace
          from unnest(?::text[], ?::text[]) t (name, quoted)
          join pg_catalog.pg_class c on c.oid = to_regclass(t.quoted)::oid
      ), acls as (
        select o.name, null::text as attname, a.grantee, a.privilege_type,
               case when o.relkind = 'S' then 'sequence' else 'table' end as kind
          from objects o,
               aclexplode(coalesce(o.relacl,
                                   acldefault(case when o.relkind = 'S' then 's' else 'r' end::"char",
                                              o.relowner))) a
         union all
        select o.name, a.attname, x.grantee, x.privilege_type, 'column'
          from objects o
          join pg_catalog.pg_attribute a on a.attrelid = o.oid and a.attnum > 0
                                        and not a.attisdropped and a.attacl is not null,
               aclexplode(a.attacl) x
      )
      select a.kind, a.name, a.attname, coalesce(r.rolname, 'public') as role, a.privilege_type
        from acls a
        left join pg_catalog.pg_roles r on r.oid = a.grantee
       where a.grantee = 0 or r.rolname !~ '^pg_'
       union
      select 'schema', n.nspname, null, coalesce(r.rolname, 'public'), 'USAGE'
        from pg_catalog.pg_namespace n
       cross join aclexplode(coalesce(n.nspacl, acldefault('n'::"char", n.nspowner))) x
        left join pg_catalog.pg_roles r on r.oid = x.grantee
       where n.oid in (select relnamespace from objects) and x.privilege_type = 'USAGE'
         and (x.grantee = 0 or r.rolname !~ '^pg_')
       order by 1, 2, 3 nulls first, 4, 5
      """;

  private static final String ROLES =
      """
      select t.name, r.rolname is not null, coalesce(r.rolcanlogin, false)
        from unnest(?::text[]) t (name)
        left join pg_catalog.pg_roles r on r.rolname = t.name
       order by 1
      """;

  /** A privilege that this server does not know is not missing. */
  private static final String MISSING =
      """
      select t.nr
        from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[])
               with ordinality t (kind, quoted, attname, role, privilege, nr)
        left join pg_catalog.pg_class c
          on t.kind <> 'schema' and c.oid = to_regclass(t.quoted)::oid
        left join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attname = t.attname
       where not case
               when t.privilege = 'MAINTAIN' and current_setting('server_version_num')::int < 170000
                 then true
               when t.kind = 'schema'
                 then coalesce((select has_schema_privilege(t.role, n.oid, t.privilege)
                                  from pg_catalog.pg_namespace n where n.nspname = t.quoted), true)
               when c.oid is null then true
               when t.kind = 'sequence' then has_sequence_privilege(t.role, c.oid, t.privilege)
               when t.kind = 'table' then has_table_privilege(t.role, c.oid, t.privilege)
               when a.attnum is null then true
               else has_column_privilege(t.role, c.oid, a.attnum, t.privilege) end
       order by t.nr
      """;

  private Grants() {}

  /**
   * A privilege.
   *
   * @param kind table, column, sequence or schema
   * @param object the schema, or the full name of the table or sequence
   * @param column empty unless the kind is column
   * @param role {@code public} for all roles
   */
  record Grant(String kind, String object, String column, String role, String privilege) {
    /** As {@code grant} and messages name the object. */
    String title() {
      return kind.equals("column") ? object + " (" + column + ")" : object;
    }
  }

  /** A role of the other node, as it is here. */
  record Role(String name, boolean exists, boolean canLogin) {}

  /** Returns what owners and other roles may do with the objects and their schemas. */
  static List<Grant> list(Connection db, Collection<TableName> objects) throws SQLException {
    return Sql.list(
        db,
        LIST,
        row ->
            new Grant(
                row.getString(1),
                row.getString(2),
                row.getString(3) == null ? "" : row.getString(3),
                row.getString(4),
                row.getString(5)),
        objects.stream().map(TableName::full).toList(),
        objects.stream().map(TableName::quoted).toList());
  }

  static List<Role> roles(Connection db, Collection<String> names) throws SQLException {
    return Sql.list(
        db,
        ROLES,
        row -> new Role(row.getString(1), row.getBoolean(2), row.getBoolean(3)),
        names.stream().filter(name -> !name.equals(PUBLIC)).toList());
  }

  /**
   * Returns those that are not in effect here, whatever the way: a role may also have a privilege
   * as owner, as a member of another role or as a superuser. All roles must exist. Objects that do
   * not exist are left out.
   */
  static List<Grant> missing(Connection db, List<Grant> grants) throws SQLException {
    return Sql.list(
        db,
        MISSING,
        row -> grants.get(row.getInt(1) - 1),
        grants.stream().map(Grant::kind).toList(),
        grants.stream()
            .map(g -> g.kind().equals("schema") ? g.object() : TableName.parse(g.object()).quoted())
            .toList(),
        grants.stream().map(Grant::column).toList(),
        grants.stream().map(Grant::role).toList(),
        grants.stream().map(Grant::privilege).toList());
  }
}
