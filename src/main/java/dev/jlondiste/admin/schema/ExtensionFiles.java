package dev.jlondiste.admin.schema;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Generates extension files from the scripts of our database code: one extension for each schema,
 * of the same name. The installation scripts can be repeated and upgrade older code, so the update
 * scripts of later releases have the same content.
 *
 * <p>Version {@code unpackaged} has no members. It is for schemas that a script has installed: its
 * update adds their objects to the extension. This works on all server versions.
 */
public final class ExtensionFiles {
  /** With the settings of the original extensions, so that dumps can be restored with either. */
  private static final String CONTROL =
      """
      comment = '%s'
      default_version = '%s'
      schema = 'pg_catalog'
      relocatable = false
      superuser = false
      """;

  private static final String PSQL_GUARD = "\\echo Use \"%s\" to load this file. \\quit\n";

  private static final String REQUIRE_NO_SCHEMA =
      """
      do $$
      begin
          if exists (select 1 from pg_catalog.pg_namespace where nspname = '@name@') then
              raise exception 'schema @name@ exists already and is not an extension'
                  using errcode = 'duplicate_schema',
                      hint = 'to convert it: create extension @name@ version ''unpackaged'';'
                          ' alter extension @name@ update';
          end if;
      end;
      $$;
      """;

  private static final String REQUIRE_OUR_SCHEMA =
      """
      do $$
      declare
          v_release text;
      begin
          if not exists (select 1 from pg_catalog.pg_namespace where nspname = '@name@') then
              raise exception 'schema @name@ does not exist and cannot be converted'
                  using errcode = 'invalid_schema_name', hint = 'create extension @name@';
          end if;
          if not exists (
                  select 1
                  from pg_catalog.pg_proc p
                  where p.pronamespace = '@name@'::pg_catalog.regnamespace
                    and p.proname = 'version'
                    and p.prosrc like '%* @name@.version(0) - %') then
              raise exception 'another program has installed schema @name@'
                  using errcode = 'wrong_object_type',
                      hint = 'convert it with the extension files of that program';
          end if;
          if pg_catalog.to_regprocedure('@name@.jlondiste_release()') is not null then
              execute 'select @name@.jlondiste_release()' into v_release;
              if pg_catalog.string_to_array(v_release, '.')::integer[]
                      > pg_catalog.string_to_array('@release@', '.')::integer[] then
                  raise exception 'schema @name@ has release %, newer than @release@ of this extension',
                      v_release
                      using errcode = 'object_not_in_prerequisite_state',
                          hint = 'install the extension files of that release';
              end if;
          end if;
      end;
      $$;
      """;

  /**
   * The tables of queues are not members: they are created at run time, and a dump must contain
   * them.
   */
  private static final String ADOPT =
      """
      do $$
      declare
          v_object text;
      begin
          alter extension @name@ add schema @name@;
          for v_object in
              select 'function ' || p.oid::pg_catalog.regprocedure
              from pg_catalog.pg_proc p
              where p.pronamespace = '@name@'::pg_catalog.regnamespace
                and p.proname = any ('{@functions@}')
              union all
              select case c.relkind when 'S' then 'sequence ' else 'table ' end || c.oid::pg_catalog.regclass
              from pg_catalog.pg_class c
              where c.relnamespace = '@name@'::pg_catalog.regnamespace
                and c.relkind in ('r', 'S')
                and (c.relname = any ('{@relations@}')
                     or exists (
                         select 1
                         from pg_catalog.pg_depend d
                         join pg_catalog.pg_class t on t.oid = d.refobjid
                         where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                           and d.objid = c.oid
                           and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
                           and d.deptype in ('a', 'i')
                           and c.relkind = 'S'
                           and t.relname = any ('{@relations@}')))
          loop
              execute 'alter extension @name@ add ' || v_object;
          end loop;
      end;
      $$;
      """;

  /**
   * All tables and sequences contain user data. One statement for each, because they update the
   * same row.
   */
  private static final String DUMP_DATA =
      """
      do $$
      declare
          v_relation pg_catalog.regclass;
      begin
          for v_relation in
              select c.oid
              from pg_catalog.pg_extension e
              join pg_catalog.pg_depend d on d.refobjid = e.oid and d.deptype = 'e'
              join pg_catalog.pg_class c
                  on c.oid = d.objid and d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
              where e.extname = '@name@'
                and c.relkind in ('r', 'S')
          loop
              perform pg_catalog.pg_extension_config_dump(v_relation, '');
          end loop;
      end;
      $$;
      """;

  private static final Pattern FUNCTION = createStatement("function");
  private static final Pattern RELATION = createStatement("(?:table|sequence)");

  private final SqlSchema schema;
  private final String release = Release.current().toString();
  private final String installation;

  private ExtensionFiles(SqlSchema schema) {
    this.schema = schema;
    this.installation = schema.script().text();
  }

  /** Writes the files of all five extensions, replacing existing ones; returns their paths. */
  public static List<Path> write(Path directory) throws IOException {
    Files.createDirectories(directory);
    List<Path> written = new ArrayList<>();
    for (SqlSchema schema : SqlSchema.values()) {
      ExtensionFiles files = new ExtensionFiles(schema);
      String name = schema.sqlName();
      String release = files.release;
      written.add(Files.writeString(directory.resolve(name + ".control"), files.control()));
      written.add(
          Files.writeString(directory.resolve(name + "--" + release + ".sql"), files.creation()));
      written.add(
          Files.writeString(directory.resolve(name + "--unpackaged.sql"), files.unpackaged()));
      written.add(
          Files.writeString(
              directory.resolve(name + "--unpackaged--" + release + ".sql"), files.adoption()));
    }
    return written;
  }

  private String control() {
    return CONTROL.formatted(schema.comment(), release)
        + schema.dependency().map(other -> "requires = '" + other.sqlName() + "'\n").orElse("");
  }

  private String creation() {
    return fillIn("create extension @name@", REQUIRE_NO_SCHEMA, installation, DUMP_DATA);
  }

  private String unpackaged() {
    return fillIn("create extension @name@ version 'unpackaged'", REQUIRE_OUR_SCHEMA);
  }

  private String adoption() {
    return fillIn(
        "alter extension @name@ update", REQUIRE_OUR_SCHEMA, ADOPT, installation, DUMP_DATA);
  }

  private String fillIn(String command, String... parts) {
    return (PSQL_GUARD.formatted(command) + String.join("\n", parts))
        .replace("@name@", schema.sqlName())
        .replace("@release@", release)
        .replace("@functions@", names(FUNCTION))
        .replace("@relations@", names(RELATION));
  }

  private String names(Pattern createStatement) {
    return createStatement
        .matcher(installation)
        .results()
        .filter(match -> match.group(1).equals(schema.sqlName()))
        .map(match -> match.group(2))
        .distinct()
        .collect(Collectors.joining(", "));
  }

  private static Pattern createStatement(String kind) {
    return Pattern.compile(
        "^create (?:or replace )?" + kind + " (?:if not exists )?(\\w+)\\.(\\w+)",
        Pattern.MULTILINE);
  }
}
