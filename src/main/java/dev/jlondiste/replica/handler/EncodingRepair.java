package dev.jlondiste.replica.handler;

import dev.jlondiste.db.RawText;
import dev.jlondiste.db.Utf8Check;
import dev.jlondiste.pgq.DecodedEvent;
import dev.jlondiste.pgq.Event;
import dev.jlondiste.pgq.RowChange;
import dev.jlondiste.pgq.RowChangeReader;
import dev.jlondiste.pgq.row.Row;
import dev.jlondiste.pgq.row.TextRow;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The argument {@code encoding=utf8}: bytes that are not UTF-8 are replaced by the replacement
 * character, before another handler has the row. Such bytes come from databases with encoding
 * SQL_ASCII. Each repair is logged.
 */
final class EncodingRepair implements TableHandler {
  static final HandlerArgument ARGUMENT =
      new HandlerArgument(
          "encoding",
          List.of(),
          HandlerArgument.Type.CHOICE,
          List.of("utf8"),
          Optional.empty(),
          false,
          List.of(),
          "utf8: replace bytes that are not UTF-8, which a database in SQL_ASCII may have");

  private static final Logger log = LoggerFactory.getLogger(EncodingRepair.class);

  private final TableHandler handler;
  private final HandlerContext context;

  private EncodingRepair(TableHandler handler, HandlerContext context) {
    this.handler = handler;
    this.context = context;
  }

  /** Returns the handler, with repairs if the argument is given. */
  static TableHandler around(TableHandler handler, HandlerContext context) {
    return context.argument(ARGUMENT.name()).isPresent()
        ? new EncodingRepair(handler, context)
        : handler;
  }

  /** The event with the repaired row. Names that are not UTF-8 are an error as without repairs. */
  private DecodedEvent repaired(DecodedEvent decoded, boolean logs) {
    RowChange row = decoded.row();
    if (row == null || !row.isRaw()) {
      return decoded;
    }
    Event event = decoded.event();
    Row repaired = repaired(row.row(), logs ? "event " + event.id() : null);
    String before = event.extra2();
    if (before != null) {
      Row old = RowChangeReader.read(event.withData(before)).row();
      before = old.isRaw() || decoded.raw() ? RowEvent.data(repaired(old, null)) : before;
    }
    RowChange change = new RowChange(row.operation(), row.isMoved(), repaired);
    Event changed =
        RowEvent.of(event, change.operation(), change.keys(), RowEvent.data(repaired), before);
    return new DecodedEvent(decoded.raw() ? withoutRaw(changed) : changed, change);
  }

  /** The caller writes an event that it has read as bytes as bytes, too. */
  private static Event withoutRaw(Event event) {
    return new Event(
        event.id(),
        event.time(),
        event.txid(),
        event.retry(),
        event.type(),
        event.data(),
        event.extra1(),
        event.extra2(),
        repairedRaw(event.extra3()),
        repairedRaw(event.extra4()));
  }

  private static @Nullable String repairedRaw(@Nullable String raw) {
    if (raw == null) {
      return null;
    }
    byte[] bytes = repaired(raw.getBytes(StandardCharsets.ISO_8859_1));
    return RawText.of(bytes, 0, bytes.length);
  }

  private static byte[] repaired(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8);
  }

  /** {@code place} is for the log; null if nothing is logged. */
  private Row repaired(Row raw, @Nullable String place) {
    List<String> columns = raw.shape().columns();
    List<@Nullable String> texts = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      String text = raw.text(i);
      byte @Nullable [] bytes = text == null ? null : text.getBytes(StandardCharsets.ISO_8859_1);
      if (bytes != null && place != null) {
        log(place, columns.get(i), bytes);
      }
      texts.add(bytes == null ? null : new String(bytes, StandardCharsets.UTF_8));
    }
    return new TextRow(raw.shape(), texts);
  }

  private void log(String place, String column, byte[] value) {
    String problem = new Utf8Check().problem(value, 0, value.length);
    if (problem != null) {
      log.warn("{}: {}, column {}: {}, replaced", context.table(), place, column, problem);
    }
  }

  @Override
  public void apply(DecodedEvent event) throws SQLException {
    handler.apply(repaired(event, true));
  }

  @Override
  public void deletePartition(Event event) throws SQLException {
    handler.deletePartition(event);
  }

  @Override
  public Optional<Event> passOn(DecodedEvent event) throws SQLException {
    return handler.passOn(repaired(event, false));
  }

  /** The marks between values in the text format of COPY are ASCII, so rows are repaired whole. */
  @Override
  public Optional<CopiedRows> copiedRows(List<String> columns, boolean raw) {
    return raw ? Optional.of(row -> repaired(row, columns)) : Optional.empty();
  }

  private byte[] repaired(byte[] row, List<String> columns) {
    if (new Utf8Check().problem(row, 0, row.length) == null) {
      return row;
    }
    List<byte @Nullable []> values = CopyLine.read(row);
    byte @Nullable [] first = values.get(0);
    String place =
        "copied row with %s=%s"
            .formatted(
                columns.get(0), first == null ? "null" : new String(first, StandardCharsets.UTF_8));
    for (int i = 0; i < values.size(); i++) {
      byte @Nullable [] value = values.get(i);
      if (value != null) {
        log(place, columns.get(i), value);
      }
    }
    return repaired(row);
  }

  @Override
  public List<String> triggerArguments(Connection local, TriggerPlace place) throws SQLException {
    return handler.triggerArguments(local, place);
  }

  @Override
  public Optional<String> copyCondition(Connection local) throws SQLException {
    return handler.copyCondition(local);
  }

  @Override
  public RowMapping mapping(Connection local, List<String> columns) throws SQLException {
    return handler.mapping(local, columns);
  }

  @Override
  public void adapt(Connection local) throws SQLException {
    handler.adapt(local);
  }

  @Override
  public void check(Connection local, SourceTable source) throws SQLException {
    handler.check(local, source);
  }

  @Override
  public void begin(HandlerBatch batch) throws SQLException {
    handler.begin(batch);
  }

  @Override
  public void truncate(Event event) throws SQLException {
    handler.truncate(event);
  }

  @Override
  public void finish() throws SQLException {
    handler.finish();
  }
}
