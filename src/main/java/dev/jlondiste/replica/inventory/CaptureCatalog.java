package dev.jlondiste.replica.inventory;

import dev.jlondiste.db.Sql;
import dev.jlondiste.db.TableName;
import dev.jlondiste.replica.LondisteFunctions;
import dev.jlondiste.replica.SequenceInfo;
import dev.jlondiste.replica.TableInfo;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The contents of the system catalog and of the queue's lists, read together.
 *
 * @param tables the tables registered for the queue
 * @param sequences the sequences registered for the queue
 * @param inSets names of the local tables and sequences of all queues of this database
 * @param relations tables, views and other relations by their present names
 * @param partitioned registered tables whose partitions have the triggers
 * @param byIdentity relations with triggers, by the table name for which the triggers were created
 */
record CaptureCatalog(
    List<TableInfo> tables,
    List<SequenceInfo> sequences,
    Set<TableName> inSets,
    Map<TableName, CapturedRelation> relations,
    Set<TableName> partitioned,
    Map<TableName, List<CapturedRelation>> byIdentity,
    List<RelatedSequence> relatedSequences) {

  /** Prefix of the comment that {@code londiste.create_trigger} writes. */
  private static final String COMMENT = "londiste: ";

  private static final String OURS =
      """
       n.nspname not in ('pgq', 'pgq_ext', 'pgq_node', 'pgq_coop', 'londiste', 'information_schema')
         and n.nspname !~ '^pg_'
      """;

  private static final String IN_SETS =
      """
      select coalesce(to_jsonb(t) ->> 'dest_table', t.table_name)
        from londiste.table_info t where t.local
      union all
      select s.seq_name from londiste.seq_info s where s.local
      """;

  private static final String EXTENSION =
      """
      (select e.extname
         from pg_catalog.pg_depend d
         join pg_catalog.pg_extension e on e.oid = d.refobjid
        where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.objid = c.oid
          and d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass and d.deptype = 'e'
        limit 1)
      """;

  private static final String RELATIONS =
      "select c.oid::bigint as id, n.nspname, c.relname, c.relkind::text as kind,"
          + " c.relpersistence::text as persistence, "
          + EXTENSION
          + """
             as extension,
             exists (select 1 from pg_catalog.pg_extension e where c.oid = any (e.extconfig))
               as configuration,
             exists (select 1 from pg_catalog.pg_constraint k
                      where k.conrelid = c.oid and k.contype = 'p') as has_key,
             (select pn.nspname || '.' || p.relname
                from pg_catalog.pg_inherits i
                join pg_catalog.pg_class p on p.oid = i.inhparent and p.relkind = 'p'
                join pg_catalog.pg_namespace pn on pn.oid = p.relnamespace
               where i.inhrelid = c.oid
               limit 1) as parent
        from pg_catalog.pg_class c
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       where c.relkind in ('r', 'p', 'f', 'v', 'm') and\
      """
          + OURS
          + " order by 2, 3";

  private static final String TRIGGERS =
      """
      select g.tgrelid::bigint as id, g.tgname, g.tgenabled::text as enabled, g.tgtype::integer as type,
             p.proname as function, {native} as native,
             substring(left(p.prosrc, 4000) from E'\\n \\\\* Table: +(.*)\\n \\\\* Key: ') as native_table,
             substring(left(p.prosrc, 4000) from E'\\n \\\\* Level: +([a-z]+)') as level,
             {outdated} as outdated, d.description,
             array(select convert_from(decode(a.arg, 'escape'), getdatabaseencoding())
                     from unnest(string_to_array(encode(g.tgargs, 'escape'), E'\\\\000'))
                            with ordinality as a (arg, nr)
                    where a.nr between 2 and g.tgnargs
                    order by a.nr) as arguments
        from pg_catalog.pg_trigger g
        join pg_catalog.pg_proc p on p.oid = g.tgfoid
        join pg_catalog.pg_namespace pn on pn.oid = p.pronamespace
        left join pg_catalog.pg_description d
               on d.classoid = 'pg_catalog.pg_trigger'::regclass and d.objoid = g.oid and d.objsubid = 0
       cross join (select convert_to(?::text, getdatabaseencoding()) || decode('00', 'hex')) q (arg)
       where not g.tgisinternal
         and (pn.nspname = 'pgq' and p.proname in ('logutriga', 'jsontriga', 'sqltriga')
              or pn.nspname = 'londiste' and p.proname = '_truncates_partition' or {native})
         and substr(g.tgargs, 1, octet_length(q.arg)) = q.arg
       order by g.tgrelid, g.tgname
      """;

  private static final String NATIVE =
      "(pn.nspname = 'londiste' and p.proname like E'\\\\_native\\\\_%')";

  /**
   * Tables with other columns than their triggers were created for. Functions of statement triggers
   * contain the columns as {@code londiste._capture_columns} returns them; the query repeats its
   * expression, because some roles that may read the status may not call it. Row triggers usually
   * depend on no columns.
   */
  private static final String OUTDATED =
      """
      (pn.nspname = 'londiste' and p.proname ~ '__insert$'
         and strpos(p.prosrc, 'londiste._capture_current(') > 0
         and strpos(p.prosrc, quote_literal((
              select coalesce(string_agg(c.attnum::text || ' ' || c.attname || ' ' || c.atttypid::text,
                                         ',' order by c.attnum), '')
                from pg_catalog.pg_attribute c
               where c.attrelid = g.tgrelid and c.attnum > 0 and not c.attisdropped))) = 0)
      """;

  private static final String SEQUENCES =
      "select n.nspname, c.relname, tn.nspname, t.relname"
          + """

        from pg_catalog.pg_class c
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        left join (
               select o.objid as sequence, o.refobjid as relation
                 from pg_catalog.pg_depend o
                where o.classid = 'pg_catalog.pg_class'::regclass
                  and o.refclassid = 'pg_catalog.pg_class'::regclass
                  and o.refobjsubid > 0 and o.deptype in ('a', 'i')
                union
               select o.refobjid, f.adrelid
                 from pg_catalog.pg_attrdef f
                 join pg_catalog.pg_depend o
                   on o.classid = 'pg_catalog.pg_attrdef'::regclass and o.objid = f.oid
                  and o.refclassid = 'pg_catalog.pg_class'::regclass) u on u.sequence = c.oid
        left join pg_catalog.pg_class t on t.oid = u.relation
        left join pg_catalog.pg_namespace tn on tn.oid = t.relnamespace
       where c.relkind = 'S' and c.relpersistence <> 't' and\
      """
          + OURS
          + " and "
          + EXTENSION
          + " is null order by 1, 2, 3, 4";

  private static final String HAS_PARTITIONED =
      "select to_regclass('londiste.partitioned_table') is not null";

  private static final String PARTITIONED =
      "select table_name from londiste.partitioned_table where queue_name = ?";

  static CaptureCatalog read(Connection db, String queue) throws SQLException {
    Map<TableName, CapturedRelation> relations = withPartitions(relations(db, triggers(db, queue)));
    Set<TableName> partitioned =
        Sql.one(db, HAS_PARTITIONED, row -> row.getBoolean(1))
            ? new HashSet<>(
                Sql.list(db, PARTITIONED, row -> TableName.parse(row.getString(1)), queue))
            : Set.of();
    Map<TableName, List<CapturedRelation>> byIdentity =
        relations.values().stream()
            .filter(relation -> relation.identity().isPresent())
            .filter(
                relation ->
                    partitioned.contains(relation.identity().orElseThrow())
                        == relation.isPartitioned())
            .collect(Collectors.groupingBy(relation -> relation.identity().orElseThrow()));
    return new CaptureCatalog(
        LondisteFunctions.getTables(db, queue),
        LondisteFunctions.getSequences(db, queue),
        new HashSet<>(Sql.list(db, IN_SETS, row -> TableName.parse(row.getString(1)))),
        relations,
        partitioned,
        byIdentity,
        sequences(db));
  }

  /** Adds their partitions to partitioned tables. */
  private static Map<TableName, CapturedRelation> withPartitions(
      Map<TableName, CapturedRelation> relations) {
    Map<TableName, List<CapturedRelation>> partitions = new HashMap<>();
    for (CapturedRelation relation : relations.values()) {
      if (relation.hasRows() && relation.kind().equals("r")) {
        ancestors(relation, relations)
            .forEach(
                name -> partitions.computeIfAbsent(name, n -> new ArrayList<>()).add(relation));
      }
    }
    Map<TableName, CapturedRelation> all = new LinkedHashMap<>();
    relations.forEach(
        (name, relation) ->
            all.put(name, relation.withPartitions(partitions.getOrDefault(name, List.of()))));
    return all;
  }

  private static List<TableName> ancestors(
      CapturedRelation relation, Map<TableName, CapturedRelation> relations) {
    List<TableName> names = new ArrayList<>();
    Optional<TableName> next = relation.parent().map(TableName::parse);
    while (next.isPresent() && !names.contains(next.get())) {
      names.add(next.get());
      next =
          Optional.ofNullable(relations.get(next.get()))
              .flatMap(CapturedRelation::parent)
              .map(TableName::parse);
    }
    return names;
  }

  /** True for a partition of a table that the queues of this database replicate as a whole. */
  boolean isPartOfSet(CapturedRelation relation) {
    return ancestors(relation, relations).stream().anyMatch(inSets::contains);
  }

  /**
   * True for a child table with triggers of the registered table whose handler loads rows into it.
   */
  boolean isLoadedPartition(CapturedRelation relation) {
    return tables.stream()
        .filter(table -> table.local() && table.hasPartitions())
        .anyMatch(
            table ->
                relation.identity().equals(Optional.of(table.name()))
                    && relations.containsKey(table.destination()));
  }

  /** Returns the relation with another name whose triggers were created for this table. */
  Optional<CapturedRelation> renamed(TableInfo table) {
    return byIdentity.getOrDefault(table.name(), List.of()).stream()
        .filter(relation -> !relation.name().equals(table.destination()))
        .findFirst();
  }

  /** Returns the local names of the tables that the queue replicates here. */
  Set<TableName> destinations() {
    return tables.stream()
        .filter(TableInfo::local)
        .map(TableInfo::destination)
        .collect(Collectors.toSet());
  }

  private static Map<TableName, CapturedRelation> relations(
      Connection db, Map<Long, List<CaptureTrigger>> triggers) throws SQLException {
    Map<TableName, CapturedRelation> relations = new LinkedHashMap<>();
    for (CapturedRelation relation : Sql.list(db, RELATIONS, row -> readRelation(row, triggers))) {
      relations.put(relation.name(), relation);
    }
    return relations;
  }

  private static CapturedRelation readRelation(
      ResultSet row, Map<Long, List<CaptureTrigger>> triggers) throws SQLException {
    long id = row.getLong("id");
    return new CapturedRelation(
        id,
        new TableName(row.getString("nspname"), row.getString("relname")),
        row.getString("kind"),
        row.getString("persistence"),
        Optional.ofNullable(row.getString("extension")),
        row.getBoolean("configuration"),
        row.getBoolean("has_key"),
        Optional.ofNullable(row.getString("parent")),
        List.copyOf(triggers.getOrDefault(id, List.of())),
        List.of());
  }

  private static Map<Long, List<CaptureTrigger>> triggers(Connection db, String queue)
      throws SQLException {
    Map<Long, List<CaptureTrigger>> triggers = new HashMap<>();
    Sql.list(
        db,
        TRIGGERS.replace("{native}", NATIVE).replace("{outdated}", OUTDATED),
        row ->
            triggers
                .computeIfAbsent(row.getLong("id"), id -> new ArrayList<>())
                .add(readTrigger(row)),
        queue);
    return triggers;
  }

  private static CaptureTrigger readTrigger(ResultSet row) throws SQLException {
    boolean isNative = row.getBoolean("native");
    List<String> arguments = List.of((String[]) row.getArray("arguments").getArray());
    return new CaptureTrigger(
        row.getString("tgname"),
        row.getString("enabled"),
        row.getInt("type"),
        row.getString("function"),
        isNative ? row.getString("level") : null,
        arguments,
        isNative
            ? Optional.ofNullable(row.getString("native_table"))
                .filter(
                    name ->
                        !name.contains("..")) // ".." replaces characters that would end the comment
                .map(TableName::parse)
            : identity(arguments, row.getString("description")),
        row.getBoolean("outdated"));
  }

  /**
   * Returns the table name for which a trigger was created. Compatible triggers write the table's
   * present name into events unless {@code ev_extra1} sets another; their comment contains the name
   * at the time of their creation.
   */
  static Optional<TableName> identity(List<String> arguments, @Nullable String comment) {
    Optional<String> name =
        arguments.stream()
            .filter(argument -> argument.matches("(?s)ev_extra1='.*'"))
            .map(argument -> argument.substring("ev_extra1='".length(), argument.length() - 1))
            .map(literal -> literal.replace("''", "'"))
            .findFirst();
    return name.or(
            () ->
                Optional.ofNullable(comment)
                    .filter(text -> text.startsWith(COMMENT))
                    .map(text -> text.substring(COMMENT.length())))
        .filter(text -> text.indexOf('.') > 0 && text.indexOf('.') < text.length() - 1)
        .map(TableName::parse);
  }

  private static List<RelatedSequence> sequences(Connection db) throws SQLException {
    Map<TableName, Set<TableName>> tables = new LinkedHashMap<>();
    Sql.list(
        db,
        SEQUENCES,
        row -> {
          Set<TableName> of =
              tables.computeIfAbsent(
                  new TableName(row.getString(1), row.getString(2)), name -> new HashSet<>());
          if (row.getString(4) != null) {
            of.add(new TableName(row.getString(3), row.getString(4)));
          }
          return of;
        });
    return tables.entrySet().stream()
        .map(entry -> new RelatedSequence(entry.getKey(), entry.getValue()))
        .toList();
  }
}
