package dev.jlondiste.replica.handler;

import dev.jlondiste.db.Quoting;
import dev.jlondiste.db.Sql;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.pgq.DecodedEvent;
import dev.jlondiste.pgq.Event;
import dev.jlondiste.pgq.RowChange;
import dev.jlondiste.pgq.RowChangeReader;
import dev.jlondiste.pgq.row.Row;
import dev.jlondiste.pgq.row.UrlEncoding;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Selects the rows of a table that belong to the shard of this database.
 *
 * <p>The trigger on the root writes the hash of a row into {@code ev_extra3} of its events. An
 * UPDATE may change the hash: then the row moves to another shard. The shard that had the row has
 * to know the old hash, which is not in the event. If the hash columns belong to the primary key,
 * no such UPDATE exists: compatible triggers refuse it. Otherwise the trigger has the argument
 * {@code backup}, which writes the old row into {@code ev_extra2}, and the hash of that row is
 * computed here if one of these columns has changed.
 *
 * <p>Used by one thread, for one batch, copy or command.
 */
final class ShardFilter {
  static final String HASH_KEY = "hash_key";
  static final String HASH_EXPRESSION = "hash_expr";
  static final String HASH_FUNCTION = "hashfunc";

  static final List<HandlerArgument> ARGUMENTS =
      List.of(
          HandlerArgument.of(
                  HASH_KEY,
                  HandlerArgument.Type.COLUMN,
                  "column that determines the shard of a row")
              .withAliases("key"),
          HandlerArgument.of(
                  HASH_EXPRESSION,
                  HandlerArgument.Type.EXPRESSION,
                  "the hash as an SQL expression, instead of FUNCTION(hash_key)")
              .withAliases("hashexpr"),
          HandlerArgument.of(
              HASH_FUNCTION,
              HandlerArgument.Type.FUNCTION,
              "hash function of this table, instead of shard_hash_func of the ini file"));

  /** Where the row of an event belongs. */
  enum Place {
    HERE,
    ELSEWHERE,
    /** The UPDATE moves the row to this shard. */
    ENTERING,
    /** The UPDATE moves the row from this shard to another one. */
    LEAVING
  }

  private static final String FUNCTION_SETTING = "shard_hash_func";
  private static final String DEFAULT_FUNCTION = "partconf.get_hash_raw";
  private static final String BACKUP = "backup";
  private static final String HASH = "hash=";

  private static final String COLUMNS =
      """
      select a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod),
             coalesce(a.attnum = any (i.indkey), false)
        from pg_catalog.pg_attribute a
        left join pg_catalog.pg_index i on i.indrelid = a.attrelid and i.indisprimary
       where a.attrelid = to_regclass(?) and a.attnum > 0 and not a.attisdropped
       order by a.attnum
      """;

  private static final Pattern UPDATE = Pattern.compile("\"op\"\\s*:\\s*\"U(PDATE)?\"");

  private final HandlerContext context;
  private @Nullable Shard shard;
  private @Nullable HandlerBatch batch;
  private @Nullable Map<String, Column> columns;

  /** The hashes of old rows, by the SQL that computes them. */
  private final Map<String, OptionalLong> oldHashes = new HashMap<>();

  /** The columns of the last row, and those of them that the hash depends on. */
  private @Nullable List<String> namesOfRow;

  private List<String> usedOfRow = List.of();

  /** The event that {@link #place} and {@link #oldHash} belong to. */
  private long placedEvent = -1;

  private Place place = Place.HERE;
  private OptionalLong oldHash = OptionalLong.empty();

  private record Column(String type, boolean key) {}

  ShardFilter(HandlerContext context) {
    this.context = context;
  }

  /** Throws UserError unless the arguments determine a hash. */
  static void check(HandlerDescription description, Map<String, String> arguments) {
    if (description.value(arguments, HASH_KEY) == null
        && description.value(arguments, HASH_EXPRESSION) == null) {
      throw new UserError(
          "handler '" + description.name() + "' needs argument " + HASH_KEY,
          "--handler-arg=hash_key=COLUMN: the column that determines the shard of a row");
    }
  }

  private String expression() {
    return expression(Quoting.identifier(context.argument(HASH_KEY).orElse("")));
  }

  private String expression(String quotedKey) {
    return context
        .argument(HASH_EXPRESSION)
        .map(sql -> "(" + sql + ")")
        .orElseGet(
            () ->
                context
                        .argument(HASH_FUNCTION)
                        .or(() -> context.setting(FUNCTION_SETTING))
                        .orElse(DEFAULT_FUNCTION)
                    + "("
                    + quotedKey
                    + ")");
  }

  private String hashKey() {
    return context
        .argument(HASH_KEY)
        .orElseThrow(
            () ->
                new UserError(
                    "argument hash_key is missing",
                    "change-handler " + context.table() + " --handler-arg=hash_key=COLUMN ..."));
  }

  /** The condition of the rows that belong here. */
  String condition(Connection local) throws SQLException {
    return Shard.read(local, context).condition(expression());
  }

  /** The arguments by which a trigger writes hashes. */
  List<String> triggerArguments(Connection local, TriggerPlace place) throws SQLException {
    if (!place.root()) {
      Shard.read(local, context); // fails now rather than in the worker
    }
    if (!place.tableExists()) {
      return List.of();
    }
    if (place.root()) {
      requireHash(local);
    }
    List<String> arguments = new ArrayList<>();
    // Quoted only where needed: it is parsed by trigger functions of any release.
    String key = context.argument(HASH_KEY).orElse("");
    arguments.add(
        "ev_extra3='hash='||"
            + expression(Sql.one(local, "select quote_ident(?)", row -> row.getString(1), key)));
    Map<String, Column> all = readColumns(local);
    List<String> used = hashColumns(List.copyOf(all.keySet()));
    if (!used.stream().allMatch(name -> all.containsKey(name) && all.get(name).key())) {
      arguments.add(BACKUP);
    }
    return arguments;
  }

  /** Without a hash function the trigger would fail each write of the application. */
  private void requireHash(Connection local) throws SQLException {
    try {
      Sql.list(
          local,
          "select 'hash='||%s from only %s limit 0"
              .formatted(expression(), context.destination().quoted()),
          row -> true);
    } catch (SQLException e) {
      throw new UserError(
          "cannot compute hashes: " + e.getMessage(),
          "create the hash function on each node; its name is shard_hash_func in the ini file, or"
              + " --handler-arg=hashfunc=NAME");
    }
  }

  private Map<String, Column> readColumns(Connection local) throws SQLException {
    Map<String, Column> all = new HashMap<>();
    Sql.list(
        local,
        COLUMNS,
        row -> all.put(row.getString(1), new Column(row.getString(2), row.getBoolean(3))),
        context.destination().quoted());
    return all;
  }

  /**
   * The columns that the hash depends on; of an expression without a recognizable column, all of
   * {@code names}.
   */
  private List<String> hashColumns(List<String> names) {
    if (!names.equals(namesOfRow)) {
      usedOfRow = findHashColumns(names);
      namesOfRow = names;
    }
    return usedOfRow;
  }

  private List<String> findHashColumns(List<String> names) {
    Optional<String> expression = context.argument(HASH_EXPRESSION);
    if (expression.isEmpty()) {
      return List.of(hashKey());
    }
    String text = expression.get().toLowerCase(Locale.ROOT);
    List<String> used =
        names.stream()
            .filter(
                name ->
                    Pattern.compile(
                            "(?<![\\w$])"
                                + Pattern.quote(name.toLowerCase(Locale.ROOT))
                                + "(?![\\w$])")
                        .matcher(text)
                        .find())
            .toList();
    return used.isEmpty() ? names : used;
  }

  void begin(HandlerBatch batch) throws SQLException {
    this.batch = batch;
    this.shard = Shard.read(batch.connection(), context);
  }

  /** Where the row of an event belongs. */
  Place place(DecodedEvent decoded) throws SQLException {
    if (decoded.event().id() == placedEvent) {
      return place;
    }
    Shard here = Objects.requireNonNull(shard, "no batch has begun");
    OptionalLong hash = hash(decoded);
    boolean isHere = hash.isPresent() && here.has(hash.getAsLong());
    oldHash = OptionalLong.empty();
    place = isHere ? Place.HERE : Place.ELSEWHERE;
    RowChange row = decoded.row();
    if (row != null
        && row.operation() == RowChange.Operation.UPDATE
        && decoded.event().extra2() != null
        && !decoded.raw()
        && !isSurelyUnchanged(decoded.event(), row)) {
      RowChange before = RowChangeReader.read(decoded.event().withData(decoded.event().extra2()));
      if (hasChanged(before, row) && !canHash()) {
        place = Place.HERE; // subscribers decide
      } else if (hasChanged(before, row)) {
        oldHash = hashOf(before.row());
        boolean wasHere = oldHash.isPresent() && here.has(oldHash.getAsLong());
        if (wasHere != isHere) {
          place = isHere ? Place.ENTERING : Place.LEAVING;
        }
      }
    }
    placedEvent = decoded.event().id();
    return place;
  }

  /** The hash in the event; empty if it is NULL because a hash column is. */
  private OptionalLong hash(DecodedEvent decoded) {
    String text = decoded.event().extra3();
    String hash =
        text == null
            ? null
            : text.startsWith(HASH) && text.indexOf('&') < 0
                ? text.substring(HASH.length())
                : UrlEncoding.decodeDictionary(text).get("hash");
    if (hash == null) {
      if (hasNullHash(decoded.row())) {
        return OptionalLong.empty();
      }
      throw new UserError(
          "event %d has no hash: the table does not have this handler on the root"
              .formatted(decoded.event().id()),
          "on the root: change-handler %s --handler=%s with the same arguments; then here: resync %s"
              .formatted(context.table(), context.description().name(), context.table()));
    }
    try {
      return OptionalLong.of(Long.parseLong(hash));
    } catch (NumberFormatException e) {
      throw new IllegalStateException(
          "event %d has hash '%s', which is not an integer".formatted(decoded.event().id(), hash),
          e);
    }
  }

  private boolean hasNullHash(@Nullable RowChange row) {
    if (row == null) {
      return false;
    }
    List<String> names = row.shape().columns();
    return hashColumns(names).stream()
        .mapToInt(names::indexOf)
        .anyMatch(position -> position >= 0 && row.value(position) == null);
  }

  /**
   * True if the old row has the values of the hash columns in the same encoding. Much cheaper than
   * to decode the old row.
   */
  private boolean isSurelyUnchanged(Event event, RowChange row) {
    if (row.shape().json()) {
      return false;
    }
    String before = "&" + event.extra2() + "&";
    for (String column : hashColumns(row.shape().columns())) {
      String value = value(row.row(), column);
      String pair =
          UrlEncoding.encode(column) + (value == null ? "" : "=" + UrlEncoding.encode(value));
      if (!before.contains("&" + pair + "&")) {
        return false;
      }
    }
    return true;
  }

  private boolean hasChanged(RowChange before, RowChange after) {
    for (String column : hashColumns(after.shape().columns())) {
      if (!Objects.equals(value(before.row(), column), value(after.row(), column))) {
        return true;
      }
    }
    return false;
  }

  private static @Nullable String value(Row row, String column) {
    int position = row.shape().columns().indexOf(column);
    return position < 0 ? null : row.text(position);
  }

  /** An expression needs the types of its columns, which a node without the table does not know. */
  private boolean canHash() throws SQLException {
    return context.argument(HASH_EXPRESSION).isEmpty() || !columns().isEmpty();
  }

  private Map<String, Column> columns() throws SQLException {
    Map<String, Column> known = columns;
    if (known == null) {
      known = readColumns(Objects.requireNonNull(batch, "no batch has begun").connection());
      columns = known;
    }
    return known;
  }

  private String hashSql(Row row) throws SQLException {
    List<String> names = row.shape().columns();
    Map<String, Column> types = columns();
    if (context.argument(HASH_EXPRESSION).isEmpty()) {
      Column key = types.get(hashKey());
      int position = names.indexOf(hashKey());
      String value = position < 0 ? "NULL" : row.literal(position);
      return "select " + expression(value + (key == null ? "" : "::" + key.type())) + "::bigint";
    }
    List<String> values = new ArrayList<>();
    for (String name : hashColumns(names)) {
      Column column = types.get(name);
      if (column != null && names.contains(name)) {
        values.add(
            row.literal(names.indexOf(name))
                + "::"
                + column.type()
                + " as "
                + Quoting.identifier(name));
      }
    }
    return "select %s::bigint from (select %s) as _row"
        .formatted(expression(), String.join(", ", values));
  }

  private OptionalLong hashOf(Row row) throws SQLException {
    HandlerBatch now = Objects.requireNonNull(batch, "no batch has begun");
    String sql = hashSql(row);
    OptionalLong known = oldHashes.get(sql);
    if (known == null) {
      known =
          Sql.one(
              now.connection(),
              sql,
              result -> {
                long hash = result.getLong(1);
                return result.wasNull() ? OptionalLong.empty() : OptionalLong.of(hash);
              });
      oldHashes.put(sql, known);
    }
    return known;
  }

  /** The event with a row change that applies here; empty if the row is and was elsewhere. */
  Optional<DecodedEvent> applicable(DecodedEvent event) throws SQLException {
    RowChange row = event.row();
    return switch (place(event)) {
      case HERE -> Optional.of(event);
      case ELSEWHERE -> Optional.empty();
      case ENTERING ->
          Optional.of(event.withRow(Objects.requireNonNull(row).as(RowChange.Operation.INSERT)));
      case LEAVING ->
          Optional.of(event.withRow(Objects.requireNonNull(row).as(RowChange.Operation.DELETE)));
    };
  }

  /** The event as subscribers of this shard need it; empty if the row is and was elsewhere. */
  Optional<Event> passOn(DecodedEvent decoded) throws SQLException {
    Event event = decoded.readable();
    if (event.isTruncate()) {
      return Optional.of(event);
    }
    return switch (place(decoded)) {
      case HERE -> Optional.of(event);
      case ELSEWHERE -> Optional.empty();
      case ENTERING -> Optional.of(changed(event, 'I', "INSERT", event.data(), event.extra3()));
      case LEAVING ->
          Optional.of(changed(event, 'D', "DELETE", event.extra2(), HASH + oldHash.orElseThrow()));
    };
  }

  private static Event changed(
      Event event, char letter, String word, @Nullable String data, @Nullable String extra3) {
    String type =
        event.type().startsWith("{")
            ? UPDATE.matcher(event.type()).replaceFirst("\"op\":\"" + word + "\"")
            : letter + event.type().substring(1);
    return new Event(
        event.id(),
        event.time(),
        event.txid(),
        event.retry(),
        type,
        data,
        event.extra1(),
        null,
        extra3,
        event.extra4());
  }
}
