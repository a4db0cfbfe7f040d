package dev.jlondiste.replica.handler;

import dev.jlondiste.db.Conversation;
import dev.jlondiste.db.Sql;
import dev.jlondiste.db.TableName;
import dev.jlondiste.fault.UserError;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates partitions, and drops those that are past the retention period, in the transaction of the
 * batch. Workers that create partitions at the same time take turns: each holds the lock that
 * {@code londiste.create_partition} takes, too, until its transaction ends. After the lock is
 * acquired, a partition that another worker has created meanwhile is found.
 */
final class PartitionMaker {
  /** Variables in SQL of the user. */
  static final Set<String> VARIABLES =
      Set.of(
          "dest", "part", "parent", "pkeys", "schema_table", "part_field", "part_time", "period");

  private static final Logger log = LoggerFactory.getLogger(PartitionMaker.class);

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT);

  private static final String UTC = "UTC";
  private static final String EXISTS = "select to_regclass(?) is not null";
  private static final String LOCK =
      "lock table londiste.table_info in share update exclusive mode";

  /** The parameters of a function that creates a partition. */
  static final List<String> PARAMETERS =
      List.of("text", "text", "text", "text", "timestamptz", "text");

  private static final String ARGUMENT_TYPES = "(" + String.join(",", PARAMETERS) + ")";
  private static final String FUNCTION_EXISTS = "select to_regprocedure(?) is not null";
  private static final String IS_OBSOLETE =
      "select coalesce(londiste.is_obsolete_partition(?, ?::interval, ?), false)";
  private static final String DROP_OBSOLETE =
      "select * from londiste.drop_obsolete_partitions(?, ?::interval, ?)";
  private static final String DROP_FUNCTION =
      "londiste.drop_obsolete_partitions(text,interval,text)";

  private static final String NAMES =
      """
      select pg_catalog.quote_ident(?) || '.' || pg_catalog.quote_ident(?),
             pg_catalog.quote_ident(?) || '.' || pg_catalog.quote_ident(?),
             (select string_agg(pg_catalog.quote_ident(a.attname), ',' order by k.nr)
                from pg_catalog.pg_index i
               cross join unnest(i.indkey) with ordinality k (attnum, nr)
                join pg_catalog.pg_attribute a
                  on a.attrelid = i.indrelid and a.attnum = k.attnum
               where i.indrelid = to_regclass(?) and i.indisprimary)
      """;

  private final HandlerContext context;
  private final PartitionedParent parent;
  private final Period period;
  private final Optional<String> field;
  private final ZoneId zone;

  /** {@code field}: the local column that the time of rows is read from. */
  PartitionMaker(
      HandlerContext context,
      PartitionedParent parent,
      Period period,
      Optional<String> field,
      ZoneId zone) {
    this.context = context;
    this.parent = parent;
    this.period = period;
    this.field = field;
    this.zone = zone;
  }

  /** True if the partition is past the retention period. */
  boolean isObsolete(TableName part, Connection local) throws SQLException {
    Optional<String> retention = context.argument(LoadArguments.RETENTION_PERIOD);
    return retention.isPresent()
        && inZone(
            local,
            () ->
                Sql.one(
                    local,
                    IS_OBSOLETE,
                    row -> row.getBoolean(1),
                    part.full(),
                    retention.get(),
                    period.sqlName()));
  }

  static boolean exists(TableName part, Connection local) throws SQLException {
    return Sql.one(local, EXISTS, row -> row.getBoolean(1), part.quoted());
  }

  /** Creates the partition unless it exists, after dropping those that are too old. */
  void create(TableName part, LocalDateTime start, Connection local) throws SQLException {
    Sql.run(local, LOCK);
    if (exists(part, local)) {
      return;
    }
    try {
      inZone(
          local,
          () -> {
            dropObsolete(local);
            make(part, start, local);
            return true;
          });
    } catch (SQLException e) {
      throw Conversation.isIntact(e)
          ? new SQLException(
              "cannot create partition %s of %s: %s".formatted(part, parent.name(), e.getMessage()),
              e.getSQLState(),
              e)
          : e;
    }
    log.info("{}: partition {} created", parent.name(), part);
  }

  private void make(TableName part, LocalDateTime start, Connection local) throws SQLException {
    Map<String, String> variables = variables(part, start, local);
    run(LoadArguments.PRE_PART, variables, local);
    if (context.argument(LoadArguments.PART_TEMPLATE).isPresent()) {
      run(LoadArguments.PART_TEMPLATE, variables, local);
    } else {
      callFunction(part, variables, local);
    }
    run(LoadArguments.POST_PART, variables, local);
    if (!exists(part, local)) {
      throw new UserError(
          "partition %s of %s does not exist after it was created".formatted(part, parent.name()),
          "part_template or part_func must create the table that part_name names");
    }
  }

  private Map<String, String> variables(TableName part, LocalDateTime start, Connection local)
      throws SQLException {
    List<String> names = new ArrayList<>();
    Sql.list(
        local,
        NAMES,
        row -> {
          names.add(row.getString(1));
          names.add(row.getString(2));
          String keys = row.getString(3);
          return names.add(keys == null ? "" : keys);
        },
        part.schema(),
        part.name(),
        parent.name().schema(),
        parent.name().name(),
        parent.name().quoted());
    Map<String, String> variables = new HashMap<>();
    variables.put("dest", names.get(0));
    variables.put("part", names.get(0));
    variables.put("parent", names.get(1));
    variables.put("pkeys", names.get(2));
    variables.put("schema_table", parent.name().full().replace(".", "__"));
    variables.put("part_field", field.orElse(""));
    variables.put("part_time", TIME.format(start));
    variables.put("period", period.sqlName());
    return variables;
  }

  private void run(String argument, Map<String, String> variables, Connection local)
      throws SQLException {
    Optional<String> sql = context.argument(argument);
    if (sql.isPresent()) {
      try (Statement statement = local.createStatement()) {
        statement.execute(new NameTemplate(argument, sql.get()).fill(variables));
      }
    }
  }

  private void callFunction(TableName part, Map<String, String> variables, Connection local)
      throws SQLException {
    Optional<String> function = function(local);
    if (function.isEmpty()) {
      cloneParent(part, local);
      return;
    }
    Sql.run(
        local,
        "select " + function.get() + "(?, ?, ?, ?, ?::timestamptz, ?)",
        parent.name().full(),
        part.full(),
        variables.get("pkeys"),
        variables.get("part_field"),
        variables.get("part_time"),
        period.sqlName());
  }

  private Optional<String> function(Connection local) throws SQLException {
    Optional<String> given = context.argument(LoadArguments.PART_FUNC);
    if (given.isPresent()) {
      return given;
    }
    for (String name : List.of("londiste.create_partition", "public.create_partition")) {
      if (functionExists(name + ARGUMENT_TYPES, local)) {
        return Optional.of(name);
      }
    }
    return Optional.empty();
  }

  private static boolean functionExists(String signature, Connection local) throws SQLException {
    return Sql.one(local, FUNCTION_EXISTS, row -> row.getBoolean(1), signature);
  }

  private void cloneParent(TableName part, Connection local) throws SQLException {
    if (parent.declarative()) {
      throw new UserError(
          "there is no function londiste.create_partition",
          "'install' creates it, or name another one: --handler-arg=part_func=NAME");
    }
    Sql.run(
        local,
        "create table %s (like %s including all) inherits (%s)"
            .formatted(part.quoted(), parent.name().quoted(), parent.name().quoted()));
  }

  private void dropObsolete(Connection local) throws SQLException {
    Optional<String> retention = context.argument(LoadArguments.RETENTION_PERIOD);
    if (retention.isEmpty()) {
      return;
    }
    if (!functionExists(DROP_FUNCTION, local)) {
      throw new UserError(
          "there is no function " + DROP_FUNCTION,
          "'install' creates it; without it, remove argument retention_period");
    }
    List<String> dropped =
        Sql.list(
            local,
            DROP_OBSOLETE,
            row -> row.getString(1),
            parent.name().full(),
            retention.get(),
            period.sqlName());
    if (!dropped.isEmpty()) {
      log.info(
          "{}: dropped partitions older than {}: {}",
          parent.name(),
          retention.get(),
          dropped.stream().collect(Collectors.joining(", ")));
    }
  }

  @FunctionalInterface
  private interface Step<T> {
    T run() throws SQLException;
  }

  /** All sessions have the zone UTC; partitions may begin by another one. */
  private <T> T inZone(Connection local, Step<T> step) throws SQLException {
    if (zone.getId().equals(UTC)) {
      return step.run();
    }
    Sql.run(local, "select set_config('timezone', ?, true)", zone.getId());
    T result =
        step.run(); // after a failure the transaction is rolled back, and the setting with it
    Sql.run(local, "select set_config('timezone', ?, true)", UTC);
    return result;
  }
}
