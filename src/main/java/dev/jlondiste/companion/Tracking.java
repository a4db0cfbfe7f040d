package dev.jlondiste.companion;

import dev.jlondiste.config.CompanionKind;
import dev.jlondiste.config.CompanionSettings;
import dev.jlondiste.db.Database;
import dev.jlondiste.db.Sql;
import dev.jlondiste.fault.UserError;
import java.sql.SQLException;

/** Where the position of a consumer commits, which decides how often an event takes effect. */
enum Tracking {
  /** Exactly once: one transaction of the queue's database has the effect and the position. */
  IN_QUEUE,

  /** Exactly once: one transaction of the destination has the effect and the position. */
  IN_DESTINATION,

  /**
   * At least once: the destination commits before the queue's database does. A crash between the
   * two repeats the batch.
   */
  NONE;

  private static final String EXISTS =
      "select exists (select 1 from pg_catalog.pg_namespace where nspname = 'pgq_ext')";

  private static final String IS_USABLE =
      """
      select coalesce((
          select pg_catalog.has_function_privilege(p.oid, 'execute')
            from pg_catalog.pg_proc p
           where p.oid = to_regprocedure('pgq_ext.set_batch_done(text, int8)')), false)
      """;

  /** Reads from the destination what is possible there. */
  static Tracking of(CompanionSettings settings, Database destination) throws SQLException {
    if (settings.isOneDatabase()) {
      return IN_QUEUE;
    }
    if (destination.ask(db -> Sql.one(db, IS_USABLE, row -> row.getBoolean(1)))) {
      return IN_DESTINATION;
    }
    if (destination.ask(db -> Sql.one(db, EXISTS, row -> row.getBoolean(1)))) {
      throw new UserError(
          "the role of dst_db may not execute the functions of schema pgq_ext, which store the"
              + " position there",
          "grant pgq_writer to the role");
    }
    if (settings.kind() == CompanionKind.SIMPLE_CONSUMER) {
      return NONE;
    }
    throw new UserError(
        "dst_db has no schema pgq_ext; the position is stored there",
        "install it: qadmin -d '"
            + settings.destination().masked()
            + "' -c 'install pgq_ext', and grant pgq_writer to the role");
  }
}
