package dev.jlondiste.contract;

import static java.util.Map.entry;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.servers.Reference;
import dev.jlondiste.servers.TestDatabase;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the catalog shows of schemas pgq, pgq_node and londiste, and of a queue, is what it shows of
 * the original's: clients read and write these tables, and operators grant these roles.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SchemaIT {
  /** What the original does not have, and why ours does. */
  private static final Map<String, String> ADDITIONS =
      Map.ofEntries(
          entry("londiste.copy_progress", "how far running copies are, for the command status"),
          entry("londiste.table_fault", "what stops a table, for status, tables and wait-sync"),
          entry(
              "pgq_node.tick_part", "how far a consumer is inside a tick that is applied in parts"),
          entry("londiste.dead_letter", "events that were skipped, for command dead-letters"),
          entry("londiste.dead_letter_id_seq", "likewise"),
          entry("londiste.unrestored", "what could not be restored after a copy"),
          entry(
              "londiste.compare_result", "the last comparison of each table, for check --cut-over"),
          entry("londiste.partitioned_table", "tables whose partitions have the triggers"),
          entry("londiste.partition_info", "the partitions of these, to notice changes"),
          entry("pgq.jlondiste_release", "our release: pgq.version() is that of the interface"),
          entry("pgq_node.jlondiste_release", "likewise"),
          entry("londiste.jlondiste_release", "likewise"),
          entry("pgq_node.rename_node", "the original's command calls functions that do not exist"),
          entry("pgq_node.reopen_root", "undoes an unfinished takeover"),
          entry("pgq.queue.londiste_current_table", "tells native capture of rotations"),
          entry(
              "pgq.queue.londiste_current_table_row",
              "likewise, of queues that are gone or restored"));

  /** What is otherwise in the original: its line, and ours. */
  private static final Map<Entry, Entry> DIFFERENCES =
      Map.of(
          // forgotten in its list of what to take from public
          function("londiste.local_change_handler", "(text,text,text[],text) for public"),
          function("londiste.local_change_handler", "(text,text,text[],text) for londiste_writer"));

  private static final String SCHEMAS = "n.nspname in ('pgq', 'pgq_node', 'londiste')";

  /** Kinds of promises: name of an object, and what is promised of it. */
  enum Promise {
    RELATIONS(
        """
        select c.oid::regclass,
               concat_ws(' ', c.relkind, c.relpersistence, c.reloptions, i.inhparent::regclass)
          from pg_class c
          join pg_namespace n on n.oid = c.relnamespace
          left join pg_inherits i on i.inhrelid = c.oid
         where c.relkind not in ('i', 't') and SCHEMAS
        """),
    COLUMNS(
        """
        select c.oid::regclass,
               concat_ws(' ', a.attnum, a.attname, format_type(a.atttypid, a.atttypmod),
                         case when a.attnotnull then 'not null' end,
                         'default ' || pg_get_expr(d.adbin, d.adrelid))
          from pg_attribute a
          join pg_class c on c.oid = a.attrelid
          join pg_namespace n on n.oid = c.relnamespace
          left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
         where c.relkind = 'r' and a.attnum > 0 and not a.attisdropped and SCHEMAS
        """),
    // not null is in the columns; it is a constraint as well from PostgreSQL 18 on
    CONSTRAINTS(
        """
        select c.conrelid::regclass, c.conname || ' ' || pg_get_constraintdef(c.oid)
          from pg_constraint c
          join pg_namespace n on n.oid = c.connamespace
         where c.contype <> 'n' and SCHEMAS
        """),
    INDEXES(
        """
        select i.indrelid::regclass, pg_get_indexdef(i.indexrelid)
          from pg_index i
          join pg_class c on c.oid = i.indrelid
          join pg_namespace n on n.oid = c.relnamespace
         where SCHEMAS
        """),
    SEQUENCES(
        """
        select s.sequence_schema || '.' || s.sequence_name,
               concat_ws(' ', s.start_value, s.increment, s.cycle_option, o.owner)
          from information_schema.sequences s
          join pg_namespace n on n.nspname = s.sequence_schema
          left join (select d.objid, d.refobjid::regclass || '.' || a.attname as owner
                       from pg_depend d
                       join pg_attribute a
                         on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
                      where d.deptype = 'a' and d.classid = 'pg_class'::regclass) o
            on o.objid = (s.sequence_schema || '.' || s.sequence_name)::regclass
         where SCHEMAS
        """),
    // "procedure" became "function" with PostgreSQL 11
    TRIGGERS(
        """
        select c.oid::regclass || '.' || t.tgname, replace(pg_get_triggerdef(t.oid), 'PROCEDURE', 'FUNCTION')
          from pg_trigger t
          join pg_class c on c.oid = t.tgrelid
          join pg_namespace n on n.oid = c.relnamespace
         where not t.tgisinternal and SCHEMAS
        """),
    FUNCTIONS(
        """
        select n.nspname || '.' || p.proname,
               concat_ws(' ', pg_get_function_arguments(p.oid), pg_get_function_result(p.oid),
                         p.provolatile, p.proisstrict, p.prosecdef)
          from pg_proc p
          join pg_namespace n on n.oid = p.pronamespace
         where SCHEMAS
        """),
    ROLES(
        """
        select r.rolname,
               concat_ws(' ', r.rolcanlogin, r.rolsuper, r.rolinherit, r.rolcreaterole,
                         r.rolcreatedb, r.rolreplication, r.rolbypassrls, r.rolpassword,
                         'member of', g.rolname)
          from pg_authid r
          left join (pg_auth_members m join pg_roles g on g.oid = m.roleid) on m.member = r.oid
         where r.rolname like 'pgq\\_%' or r.rolname like 'londiste\\_%'
        """),
    SCHEMA_PRIVILEGES(
        """
        select n.nspname, a.privilege_type || grantee(a.grantee)
          from pg_namespace n
          cross join lateral aclexplode(n.nspacl) a
         where a.grantee <> n.nspowner and SCHEMAS
        """),
    TABLE_PRIVILEGES(
        """
        select c.oid::regclass, a.privilege_type || grantee(a.grantee)
          from pg_class c
          join pg_namespace n on n.oid = c.relnamespace
          cross join lateral aclexplode(c.relacl) a
         where a.grantee <> c.relowner and SCHEMAS
        """),
    FUNCTION_PRIVILEGES(
        """
        select n.nspname || '.' || p.proname,
               '(' || replace(oidvectortypes(p.proargtypes), ', ', ',') || ')'
               || grantee(a.grantee)
          from pg_proc p
          join pg_namespace n on n.oid = p.pronamespace
          cross join lateral aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
         where a.grantee <> p.proowner and SCHEMAS
        """);

    private final String query;

    Promise(String query) {
      this.query =
          query
              .replace("SCHEMAS", SCHEMAS)
              .replaceAll(
                  "grantee\\((.*?)\\)",
                  "' for ' || case $1 when 0 then 'public' else pg_get_userbyid($1)::text end");
    }

    private Set<Entry> in(TestDatabase database) {
      return database.rows(query).stream()
          .map(row -> new Entry(this, String.valueOf(row.get(0)), String.valueOf(row.get(1))))
          .collect(toSet());
    }
  }

  record Entry(Promise kind, String object, String promise) {
    /** Starts with an underscore: not called from outside. */
    boolean isOfHelper() {
      return object.contains("._");
    }
  }

  private static Entry function(String name, String privilege) {
    return new Entry(Promise.FUNCTION_PRIVILEGES, name, privilege);
  }

  private final Map<Installation, Map<Promise, Set<Entry>>> seen =
      new EnumMap<>(Installation.class);

  private Set<Entry> entries(Installation installation, Promise promise) {
    return seen.computeIfAbsent(installation, SchemaIT::look).getOrDefault(promise, Set.of());
  }

  private static Map<Promise, Set<Entry>> look(Installation installation) {
    try (TestDatabase database = installation.createDatabase()) {
      database.execute("select pgq.create_queue('any')");
      Map<Promise, Set<Entry>> all = new EnumMap<>(Promise.class);
      for (Promise promise : Promise.values()) {
        all.put(promise, promise.in(database));
      }
      return all;
    }
  }

  static Stream<Arguments> promises() {
    return ours().flatMap(i -> Arrays.stream(Promise.values()).map(p -> Arguments.of(i, p)));
  }

  static Stream<Installation> ours() {
    return Arrays.stream(Installation.values()).filter(Installation::isOurs);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("promises")
  void is_that_of_the_reference(Installation ours, Promise promise) {
    Reference.assumeInstalled();
    Set<Entry> reference = entries(Installation.REFERENCE, promise);
    Set<String> objects = reference.stream().map(Entry::object).collect(toSet());
    Predicate<Entry> isAddition =
        entry ->
            ADDITIONS.containsKey(entry.object())
                || (entry.isOfHelper() && !objects.contains(entry.object()));

    assertThat(entries(ours, promise).stream().filter(isAddition.negate()))
        .containsExactlyInAnyOrderElementsOf(
            reference.stream().map(e -> DIFFERENCES.getOrDefault(e, e)).toList());
  }

  @ParameterizedTest
  @EnumSource(
      value = Promise.class,
      names = {"RELATIONS", "FUNCTIONS", "TRIGGERS"})
  void the_reference_has_none_of_the_additions(Promise promise) {
    Reference.assumeInstalled();

    assertThat(entries(Installation.REFERENCE, promise))
        .extracting(Entry::object)
        .doesNotContainAnyElementsOf(ADDITIONS.keySet());
  }

  @ParameterizedTest
  @MethodSource("ours")
  void the_additions_are_there(Installation ours) {
    assertThat(
            Stream.of(Promise.RELATIONS, Promise.FUNCTIONS, Promise.TRIGGERS)
                .flatMap(promise -> entries(ours, promise).stream())
                .map(Entry::object))
        .containsAll(ADDITIONS.keySet());
  }

  @ParameterizedTest
  @MethodSource("ours")
  void what_runs_with_its_owners_rights_does_not_look_names_up_along_the_callers_path(
      Installation ours) {
    assertThat(
            withOwnersRights(
                ours, "p.proconfig is distinct from array['search_path=pg_catalog, pg_temp']"))
        .isEmpty();
  }

  @ParameterizedTest
  @MethodSource("ours")
  void helpers_with_their_owners_rights_are_not_for_everybody(Installation ours) {
    assertThat(
            withOwnersRights(
                ours,
                "p.proname like E'\\\\_%' and has_function_privilege('public', p.oid, 'execute')"))
        .isEmpty();
  }

  private static List<@Nullable String> withOwnersRights(Installation ours, String condition) {
    try (TestDatabase database = ours.createDatabase()) {
      return database.column(
          """
          select p.oid::regprocedure
            from pg_proc p
            join pg_namespace n on n.oid = p.pronamespace
           where p.prosecdef
             and n.nspname in ('pgq', 'pgq_node', 'londiste', 'pgq_ext', 'pgq_coop')
             and\s"""
              + condition);
    }
  }
}
