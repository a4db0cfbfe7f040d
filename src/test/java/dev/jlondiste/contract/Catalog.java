package dev.jlondiste.contract;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the server's catalog says about functions, each named with its schema. */
final class Catalog {
  private static final String OVERLOADS =
      """
        from pg_proc p
        join pg_namespace n on n.oid = p.pronamespace
       where n.nspname || '.' || p.proname = ?
      """;

  private final Session session;

  Catalog(Session session) {
    this.session = session;
  }

  /** One line per overload: {@code "f(a text) returns record stable strict security definer"}. */
  List<@Nullable String> declarations(String function) {
    return session.column(
        """
        select replace(
                   p.proname || '(' || pg_get_function_arguments(p.oid) || ') returns '
                       || pg_get_function_result(p.oid),
                   'timestamp with time zone', 'timestamptz')
               || case p.provolatile when 'i' then ' immutable' when 's' then ' stable' else '' end
               || case when p.proisstrict then ' strict' else '' end
               || case when p.prosecdef then ' security definer' else '' end
        """
            + OVERLOADS
            + " order by p.pronargs, 1",
        function);
  }

  /**
   * By name, the group roles of pgq and of the function's schema that may call all overloads; or
   * {@code public}, where everybody may.
   */
  List<@Nullable String> callers(String function) {
    return session.column(
        """
        with callable as (
            select p.oid, n.nspname
        """
            + OVERLOADS
            + """
            ), everybody as (
                select bool_and(has_function_privilege('public', oid, 'execute')) as may
                  from callable
            )
            select 'public' from everybody where may
            union all
            (select r.rolname
               from pg_roles r
              where not (select may from everybody)
                and exists (select 1 from callable
                             where r.rolname ~ ('^(pgq|' || nspname || ')_(admin|reader|writer)$'))
                and (select bool_and(has_function_privilege(r.oid, oid, 'execute')) from callable)
              order by 1)
            """,
        function);
  }
}
