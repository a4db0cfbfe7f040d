package dev.jlondiste.contract;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the server's catalog says about functions. */
public final class Catalog {
  /** A role of every server, with no rights on any queue: stands for everybody. */
  public static final String STRANGER = "pg_signal_backend";

  private static final String OVERLOADS =
      """
        from pg_proc p
        join pg_namespace n on n.oid = p.pronamespace
       where n.nspname || '.' || p.proname = ?
      """;

  private final Session session;

  public Catalog(Session session) {
    this.session = session;
  }

  /**
   * What callers can rely on, one line per overload: {@code "f(a text) returns record security
   * definer"}.
   *
   * @param function with its schema
   */
  public List<@Nullable String> declarations(String function) {
    return session.column(
        """
        select p.proname || '(' || pg_get_function_arguments(p.oid) || ') returns '
               || pg_get_function_result(p.oid)
               || case p.provolatile when 'i' then ' immutable' when 's' then ' stable' else '' end
               || case when p.proisstrict then ' strict' else '' end
               || case when p.prosecdef then ' security definer' else '' end
        """
            + OVERLOADS
            + " order by p.pronargs",
        function);
  }

  /**
   * Which roles may call all overloads, by name: the group roles, and {@link #STRANGER}.
   *
   * @param function with its schema
   */
  public List<@Nullable String> callers(String function) {
    return session.column(
        "select r.rolname from pg_roles r where (r.rolname like 'pgq\\_%' or r.rolname = ?)"
            + " and (select bool_and(has_function_privilege(r.oid, p.oid, 'execute')) "
            + OVERLOADS
            + ") order by r.rolname",
        STRANGER,
        function);
  }
}
