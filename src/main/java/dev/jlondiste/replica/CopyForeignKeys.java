package dev.jlondiste.replica;

import dev.jlondiste.db.Database;
import dev.jlondiste.db.Sql;
import dev.jlondiste.db.SqlFaults;
import dev.jlondiste.db.TableName;
import dev.jlondiste.structure.Ddl;
import dev.jlondiste.structure.ServerVersion;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drops the foreign keys from and to a table before its copy and records them. A key that refers to
 * the table would prevent TRUNCATE. The server does not check copied rows against keys of either
 * direction, so a key that stayed could be marked valid and be violated. {@link ForeignKeyRestorer}
 * creates the keys again and validates them. A partition's part of an inherited key cannot be
 * dropped alone, so the key of the partitioned table is dropped.
 *
 * <p>A key that could not be restored exactly, or that this role could not restore, is not dropped.
 */
final class CopyForeignKeys {
  private static final Logger log = LoggerFactory.getLogger(CopyForeignKeys.class);

  private static final String FIND =
      """
      with recursive up(id, parent) as (
        select k.oid, {parent} from pg_catalog.pg_constraint k
         where k.contype = 'f' and pg_catalog.to_regclass(?) in (k.conrelid, k.confrelid)
         union
        select k.oid, {parent} from up join pg_catalog.pg_constraint k on k.oid = up.parent),
      down(top, id) as (
        select id, id from up where parent = 0
         union
        select d.top, k.oid from down d join pg_catalog.pg_constraint k on {parent} = d.id)
      select fn.nspname, f.relname, tn.nspname, t.relname, k.conname,
             case
               when not pg_catalog.pg_has_role(f.relowner, 'usage')
               then 'it belongs to ' || pg_catalog.pg_get_userbyid(f.relowner)
               when not pg_catalog.has_table_privilege(t.oid, 'references')
               then 'no privilege REFERENCES on ' || tn.nspname || '.' || t.relname
               when f.relkind = 'p' and not ?
               then 'the database code knows no partitioned tables'
               when exists (select 1 from down d
                              join pg_catalog.pg_trigger g on g.tgconstraint = d.id
                             where d.top = k.oid and g.tgenabled <> 'O')
               then 'its triggers are not enabled in the usual way'
               when exists (select 1 from down d
                              join pg_catalog.pg_constraint c on c.oid = d.id
                             where d.top = k.oid and c.conrelid <> k.conrelid
                               and (c.conname <> k.conname
                                    or pg_catalog.obj_description(c.oid, 'pg_constraint') is not null))
               then 'partitions have it under other names, or with comments'
             end as stays
        from up
        join pg_catalog.pg_constraint k on k.oid = up.id and up.parent = 0
        join pg_catalog.pg_class f on f.oid = k.conrelid
        join pg_catalog.pg_namespace fn on fn.oid = f.relnamespace
        join pg_catalog.pg_class t on t.oid = k.confrelid
        join pg_catalog.pg_namespace tn on tn.oid = t.relnamespace
       order by 1, 2, 5
      """;

  /**
   * Writers that queue behind the lock request wait at most this long. The next attempt follows
   * some seconds later.
   */
  private static final String LOCK_TIMEOUT = "set local lock_timeout = '300ms'";

  /** {@code stays} is the reason why the key is not dropped; empty if it can be dropped. */
  private record Key(TableName from, TableName to, String name, Optional<String> stays) {}

  private CopyForeignKeys() {}

  /**
   * Drops the keys one at a time with a short lock timeout, because other sessions queue behind a
   * waiting lock request.
   *
   * @return false if a key is in use; the keys dropped before it are recorded
   */
  static boolean drop(Database local, TableName table) throws SQLException {
    for (Key key : local.call(db -> find(db, table))) {
      if (key.stays().isEmpty()) {
        log.info("Dropping fkey: {}", key.name());
        try {
          local.run(
              db -> {
                Ddl.run(db, LOCK_TIMEOUT);
                LondisteFunctions.dropForeignKey(db, key.from(), key.name());
              });
        } catch (SQLException e) {
          if (!SqlFaults.state(e).equals("55P03")) {
            throw e;
          }
          log.warn(
              "{}: copy not started, foreign key {} of {} is in use by other transactions",
              table,
              key.name(),
              key.from());
          return false;
        }
      } else {
        log.warn(
            "{}: foreign key {} of {} to {} is not dropped for the copy, and copied rows are not"
                + " checked against it: {}",
            table,
            key.name(),
            key.from(),
            key.to(),
            key.stays().get());
      }
    }
    return true;
  }

  private static List<Key> find(Connection local, TableName table) throws SQLException {
    String parent = ServerVersion.of(local) >= 110000 ? "k.conparentid" : "0::oid";
    return Sql.list(
        local,
        FIND.replace("{parent}", parent),
        row ->
            new Key(
                new TableName(row.getString(1), row.getString(2)),
                new TableName(row.getString(3), row.getString(4)),
                row.getString(5),
                Optional.ofNullable(row.getString(6))),
        table.quoted(),
        LondisteFunctions.hasNativeCapture(local));
  }
}
