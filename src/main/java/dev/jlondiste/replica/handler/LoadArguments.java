package dev.jlondiste.replica.handler;

import dev.jlondiste.db.TableName;
import dev.jlondiste.fault.UserError;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The arguments of {@code dispatch} and its presets. */
final class LoadArguments {
  static final String TABLE_MODE = "table_mode";
  static final String PART_MODE = "part_mode";
  static final String PART_FIELD = "part_field";
  static final String PERIOD = "period";
  static final String PART_NAME = "part_name";
  static final String PART_TEMPLATE = "part_template";
  static final String PRE_PART = "pre_part";
  static final String POST_PART = "post_part";
  static final String PART_FUNC = "part_func";
  static final String RETENTION_PERIOD = "retention_period";
  static final String IGNORE_OLD_EVENTS = "ignore_old_events";
  static final String LOAD_MODE = "load_mode";
  static final String TABLE = "table";
  static final String ANALYZE = "analyze";

  /** A value of {@code load_mode}. */
  static final String BULK = "bulk";

  static final String METHODS =
      "0: net effect of many changes; 1: updates are written as delete and insert; 2: inserts,"
          + " too, so that existing rows are replaced";

  /** Those that only partitions need. */
  private static final List<String> OF_PARTITIONS =
      List.of(
          PART_MODE,
          PART_FIELD,
          PERIOD,
          PART_NAME,
          PART_TEMPLATE,
          PRE_PART,
          POST_PART,
          PART_FUNC,
          RETENTION_PERIOD,
          IGNORE_OLD_EVENTS);

  private static final List<String> FLAG = List.of("0", "1");

  private LoadArguments() {}

  /** True if no argument leaves out or changes rows. */
  static boolean keepRows(HandlerDescription description, Map<String, String> arguments) {
    Stream<HandlerArgument> selecting =
        Stream.of(
                LoadFields.ARGUMENTS.stream(),
                ShardFilter.ARGUMENTS.stream(),
                Stream.of(ChangeRules.TYPES_ARGUMENT))
            .flatMap(each -> each);
    return selecting.noneMatch(argument -> arguments.keySet().stream().anyMatch(argument::hasName))
        && !arguments.containsKey(RETENTION_PERIOD)
        && !arguments.containsKey(IGNORE_OLD_EVENTS)
        && ChangeRules.PLAIN.equals(description.value(arguments, ChangeRules.ROW_MODE))
        && !LoadPreset.IGNORE.equals(description.value(arguments, TABLE_MODE));
  }

  static List<HandlerArgument> of(LoadPreset preset) {
    List<HandlerArgument> all = new ArrayList<>();
    all.add(
        HandlerArgument.choice(
                TABLE_MODE,
                List.of(LoadPreset.PART, LoadPreset.DIRECT, LoadPreset.IGNORE),
                "part: write to partitions; direct: to the table itself; ignore: apply nothing")
            .withDefault(preset.tableMode()));
    addPartitions(all, preset);
    all.add(
        HandlerArgument.choice(
                LOAD_MODE,
                List.of(LoadPreset.DIRECT, BULK),
                "direct: as for other tables; bulk: see handler 'bulk'")
            .withDefault(preset.bulk() ? BULK : LoadPreset.DIRECT));
    all.add(
        HandlerArgument.choice(
            ChangeRules.METHOD,
            List.of("0", "1", "2", "3"),
            "with load_mode=bulk. " + METHODS + "; 3: inserts only, others are errors"));
    all.add(ChangeRules.rowMode(preset.rowMode()));
    all.add(ChangeRules.TYPES_ARGUMENT);
    all.addAll(LoadFields.ARGUMENTS);
    all.add(
        HandlerArgument.of(
            TABLE, HandlerArgument.Type.TABLE, "the local table; the same as --dest-table"));
    all.add(
        HandlerArgument.choice(
            ANALYZE, FLAG, "1: analyze temporary tables with changes before they are used"));
    all.addAll(ShardFilter.ARGUMENTS);
    all.add(IgnoreTruncate.ARGUMENT);
    all.add(EncodingRepair.ARGUMENT);
    return all;
  }

  private static void addPartitions(List<HandlerArgument> all, LoadPreset preset) {
    all.add(
        HandlerArgument.choice(PART_MODE, PartMode.all(), "the time that selects the partition")
            .withDefault(preset.partMode().value()));
    all.add(
        HandlerArgument.of(
            PART_FIELD,
            HandlerArgument.Type.COLUMN,
            "with part_mode=date_field: the column with the time"));
    all.add(
        HandlerArgument.choice(PERIOD, Period.sqlNames(), "the width of partitions")
            .withDefault(preset.period().sqlName()));
    all.add(
        text(
            PART_NAME,
            "names of partitions, with %(parent)s %(year)s %(month)s %(day)s %(hour)s; by default"
                + " %(parent)s_%(year)s and so on, down to the period"));
    all.add(
        text(
            PART_TEMPLATE,
            "SQL that creates a partition, instead of part_func; variables: "
                + String.join(", ", new TreeSet<>(PartitionMaker.VARIABLES))));
    all.add(text(PRE_PART, "SQL before a partition is created, with the same variables"));
    all.add(text(POST_PART, "SQL after a partition is created, with the same variables"));
    all.add(
        HandlerArgument.function(
            PART_FUNC,
            PartitionMaker.PARAMETERS,
            "function(parent, part, pkeys, part_field, part_time, period) that creates a partition;"
                + " by default londiste.create_partition, or public.create_partition"));
    all.add(
        HandlerArgument.of(
            RETENTION_PERIOD,
            HandlerArgument.Type.INTERVAL,
            "an interval: whenever a partition is created, older ones are dropped"));
    all.add(
        HandlerArgument.choice(
            IGNORE_OLD_EVENTS, FLAG, "1: skip events of partitions that are older than that"));
  }

  private static HandlerArgument text(String name, String text) {
    return HandlerArgument.of(name, HandlerArgument.Type.TEXT, text);
  }

  /** Checks arguments together; throws UserError. */
  static void check(HandlerDescription description, Map<String, String> arguments) {
    ChangeRules.check(arguments);
    LoadFields.check(description, arguments);
    boolean isByField = PartMode.DATE_FIELD.value().equals(description.value(arguments, PART_MODE));
    boolean isPart = LoadPreset.PART.equals(description.value(arguments, TABLE_MODE));
    if (isPart && isByField && arguments.get(PART_FIELD) == null) {
      throw new UserError(
          "handler '" + description.name() + "' needs argument part_field",
          "--handler-arg=part_field=COLUMN: the column whose value selects the partition");
    }
    for (String argument : List.of(PART_TEMPLATE, PRE_PART, POST_PART)) {
      template(arguments, argument).ifPresent(text -> text.check(PartitionMaker.VARIABLES));
    }
    template(arguments, PART_NAME).ifPresent(text -> text.check(PartitionName.VARIABLES));
    checkEffect(description, arguments, isPart);
    checkNames(description, arguments);
    if ("1".equals(arguments.get(IGNORE_OLD_EVENTS)) && arguments.get(RETENTION_PERIOD) == null) {
      throw new UserError(
          "ignore_old_events=1 needs argument retention_period",
          "--handler-arg=retention_period=INTERVAL: how long partitions are kept");
    }
  }

  /** Throws UserError if an argument is given that nothing reads. */
  private static void checkEffect(
      HandlerDescription description, Map<String, String> arguments, boolean isPart) {
    if (arguments.containsKey(ChangeRules.METHOD)
        && !BULK.equals(description.value(arguments, LOAD_MODE))) {
      throw noEffect(ChangeRules.METHOD, "load_mode=bulk");
    }
    for (String argument : OF_PARTITIONS) {
      if (!isPart && arguments.containsKey(argument)) {
        throw noEffect(argument, "table_mode=part");
      }
    }
    if (arguments.containsKey(PART_FUNC) && arguments.containsKey(PART_TEMPLATE)) {
      throw new UserError(
          "handler argument part_func has no effect beside part_template", "remove one of them");
    }
  }

  private static UserError noEffect(String argument, String without) {
    return new UserError(
        "handler argument %s has no effect without %s".formatted(argument, without),
        "remove it, or add --handler-arg=" + without);
  }

  /** Partitions are dropped by their names. */
  private static void checkNames(HandlerDescription description, Map<String, String> arguments) {
    String name = arguments.get(PART_NAME);
    String period = Objects.requireNonNull(description.value(arguments, PERIOD));
    String usual = Period.parse(period).nameTemplate();
    if (arguments.containsKey(RETENTION_PERIOD) && name != null && !name.equals(usual)) {
      throw new UserError(
          "retention_period drops partitions by their usual names, and part_name is '%s'"
              .formatted(name),
          "leave part_name out, or use the usual name: --handler-arg='part_name=" + usual + "'");
    }
  }

  private static Optional<NameTemplate> template(Map<String, String> arguments, String argument) {
    return Optional.ofNullable(arguments.get(argument))
        .map(text -> new NameTemplate(argument, text));
  }

  /** The value of {@code table}. */
  static Optional<TableName> table(Map<String, String> arguments) {
    return Optional.ofNullable(arguments.get(TABLE)).map(TableName::parse);
  }
}
