package dev.jlondiste.replica.handler;

import dev.jlondiste.db.Quoting;
import dev.jlondiste.db.Sql;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.pgq.DecodedEvent;
import dev.jlondiste.pgq.Event;
import dev.jlondiste.pgq.RowChange;
import dev.jlondiste.pgq.row.Row;
import dev.jlondiste.pgq.row.UrlEncoding;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Selects the rows of a table that belong to the shard of this database. The trigger on the root
 * writes the hash of a row into {@code ev_extra3} of its events: {@code hash=5}. A native trigger
 * adds {@code old_hash} if an UPDATE may have changed it, and {@code new_hash} to the first half of
 * a key update. Other triggers write the old row; its hash is computed here.
 *
 * <p>Used by one thread, for one batch, copy or command.
 */
final class ShardFilter implements MovingRows.Membership {
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

  private static final String FUNCTION_SETTING = "shard_hash_func";
  private static final String DEFAULT_FUNCTION = "partconf.get_hash_raw";
  private static final String NAME = "hash";
  private static final String HASH = NAME + "=";
  private static final String OLD_HASH = "old_hash";
  private static final String NEW_HASH = "new_hash";

  private final HandlerContext context;
  private @Nullable Shard shard;
  private @Nullable HandlerBatch batch;
  private @Nullable LocalColumns columns;
  private final MovingRows rows = new MovingRows(this);

  /** The hashes of old rows, by the SQL that computes them. */
  private final Map<String, OptionalLong> oldHashes = new HashMap<>();

  /** The columns of the last row, and those of them that the hash depends on. */
  private @Nullable List<String> namesOfRow;

  private List<String> usedOfRow = List.of();

  /** The hash of the last old row. */
  private OptionalLong oldHash = OptionalLong.empty();

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
    LocalColumns all = LocalColumns.read(local, context.destination());
    if (!columns(all.names()).stream().allMatch(all::isKey)) {
      arguments.add(MovingRows.BACKUP);
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

  /**
   * The columns that the hash depends on; of an expression without a recognizable column, all of
   * {@code names}.
   */
  @Override
  public List<String> columns(List<String> names) {
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
    List<String> used = LocalColumns.named(expression.get(), names);
    return used.isEmpty() ? names : used;
  }

  void begin(HandlerBatch batch) throws SQLException {
    this.batch = batch;
    this.shard = Shard.read(batch.connection(), context);
  }

  @Override
  public boolean isHere(DecodedEvent event) {
    return has(hash(event));
  }

  @Override
  public boolean wasHere(RowChange before) throws SQLException {
    oldHash = hashOf(before.row());
    return has(oldHash);
  }

  @Override
  public Optional<Boolean> wasHere(DecodedEvent event) {
    String hash = field(event.event(), OLD_HASH);
    if (hash == null) {
      return Optional.empty();
    }
    oldHash = number(event.event(), hash);
    return Optional.of(has(oldHash));
  }

  @Override
  public boolean hasBothHalves(DecodedEvent event) {
    String hash = field(event.event(), NEW_HASH);
    return hash != null && has(number(event.event(), hash));
  }

  private boolean has(OptionalLong hash) {
    Shard here = Objects.requireNonNull(shard, "no batch has begun");
    return hash.isPresent() && here.has(hash.getAsLong());
  }

  @Override
  public String extra3OfOldRow(Event event) {
    return HASH + oldHash.orElseThrow();
  }

  /** The hash in the event; empty if it is NULL because a hash column is. */
  private OptionalLong hash(DecodedEvent decoded) {
    String hash = field(decoded.event(), NAME);
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
    return number(decoded.event(), hash);
  }

  /** A field of {@code ev_extra3}; null if it has no such field, an empty text if it is NULL. */
  private static @Nullable String field(Event event, String name) {
    String text = event.extra3();
    if (text == null) {
      return null;
    }
    if (text.startsWith(HASH) && text.indexOf('&') < 0) {
      return name.equals(NAME) ? text.substring(HASH.length()) : null;
    }
    return UrlEncoding.decodeDictionary(text).get(name);
  }

  private static OptionalLong number(Event event, String hash) {
    try {
      return hash.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(hash));
    } catch (NumberFormatException e) {
      throw new IllegalStateException(
          "event %d has hash '%s', which is not an integer".formatted(event.id(), hash), e);
    }
  }

  private boolean hasNullHash(@Nullable RowChange row) {
    if (row == null) {
      return false;
    }
    List<String> names = row.shape().columns();
    return columns(names).stream()
        .mapToInt(names::indexOf)
        .anyMatch(position -> position >= 0 && row.value(position) == null);
  }

  /** An expression needs the types of its columns, which a node without the table does not know. */
  @Override
  public boolean canDecide() throws SQLException {
    return context.argument(HASH_EXPRESSION).isEmpty() || !localColumns().isEmpty();
  }

  private LocalColumns localColumns() throws SQLException {
    LocalColumns known = columns;
    if (known == null) {
      HandlerBatch now = Objects.requireNonNull(batch, "no batch has begun");
      known = LocalColumns.read(now.connection(), context.destination());
      columns = known;
    }
    return known;
  }

  private String hashSql(Row row) throws SQLException {
    List<String> names = row.shape().columns();
    Map<String, LocalColumns.Column> types = localColumns().columns();
    if (context.argument(HASH_EXPRESSION).isEmpty()) {
      LocalColumns.Column key = types.get(hashKey());
      int position = names.indexOf(hashKey());
      String value = position < 0 ? "NULL" : row.literal(position);
      return "select " + expression(value + (key == null ? "" : "::" + key.type())) + "::bigint";
    }
    List<String> values = new ArrayList<>();
    for (String name : columns(names)) {
      LocalColumns.Column column = types.get(name);
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

  /** See {@link MovingRows#applicable}. */
  Optional<DecodedEvent> applicable(DecodedEvent event) throws SQLException {
    return rows.applicable(event);
  }

  /** See {@link MovingRows#passOn}. */
  Optional<Event> passOn(DecodedEvent event) throws SQLException {
    return rows.passOn(event);
  }
}
