package dev.jlondiste.pgq;

import dev.jlondiste.db.Conversation;
import dev.jlondiste.db.CopyOutput;
import dev.jlondiste.db.RawText;
import dev.jlondiste.db.Utf8Check;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Streams the events of a batch in their order by {@code COPY … TO STDOUT}. Only one event at a
 * time is in memory. The connection cannot be used for anything else until the stream has ended or
 * {@link #close} has been called; {@code close} may have to close the connection. Used by one
 * thread at a time.
 */
public final class EventStream implements AutoCloseable {
  private static final byte[] SIGNATURE = {
    'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0
  };

  private static final int FLAGS_BYTES = 4;

  private static final List<String> TEXTS =
      List.of("ev_type", "ev_data", "ev_extra1", "ev_extra2", "ev_extra3", "ev_extra4");

  /** Columns that contain names of tables and columns, which must be UTF-8. */
  private static final Set<String> NAMES = Set.of("ev_type", "ev_extra1");

  private final Connection provider;
  private final Iterator<String> parts;
  private final boolean whole;
  private final EventText text;
  private final RowDecoder decoder = new RowDecoder();
  private final Utf8Check check = new Utf8Check();
  private final SharedTexts shared = new SharedTexts();
  private CopyOutput copy;
  private boolean isHeaderRead;

  private EventStream(Connection provider, Iterator<String> parts, EventText text, boolean whole)
      throws SQLException {
    this.provider = provider;
    this.text = text;
    this.parts = parts;
    this.whole = whole;
    this.copy = open(parts.next());
  }

  /** Opens the batch for a receiver that does not write it to another database. */
  public static EventStream open(
      Connection provider, Batch batch, @Nullable String filter, boolean whole)
      throws SQLException {
    return open(provider, batch, filter, EventText.of(provider), whole);
  }

  /**
   * Opens the batch.
   *
   * @param filter SQL condition over the {@code ev_*} columns; null for all events
   * @param text the result of {@link EventText#between}
   * @param whole true to read the time of events and the data of row changes, too, so that the
   *     events can be written to another queue; if false, the time is empty
   */
  public static EventStream open(
      Connection provider, Batch batch, @Nullable String filter, EventText text, boolean whole)
      throws SQLException {
    return new EventStream(provider, BatchParts.of(provider, batch, filter), text, whole);
  }

  /**
   * Opens the events of transactions that {@code end} sees and {@code start} does not see, for a
   * receiver that does not write them to another database.
   *
   * @param start and {@code end}: snapshots of the provider's database, in any order
   * @param filter SQL condition over the {@code ev_*} columns
   */
  public static EventStream between(
      Connection provider, String queue, TxidSnapshot start, TxidSnapshot end, String filter)
      throws SQLException {
    String query = BatchParts.between(provider, queue, start, end, filter);
    return new EventStream(provider, List.of(query).iterator(), EventText.of(provider), false);
  }

  private CopyOutput open(String part) throws SQLException {
    return CopyOutput.start(
        provider,
        "copy (select ev_id, "
            + (whole ? "ev_time::text" : "null::text")
            + ", ev_txid, ev_retry, "
            + TEXTS.stream().map(text::select).collect(Collectors.joining(", "))
            + " from ("
            + part
            + ") as batch) to stdout with (format binary)");
  }

  /** The next event; empty at the end of the batch. */
  public Optional<DecodedEvent> next() throws SQLException {
    byte[] message = copy.next();
    while (message != null || parts.hasNext()) {
      if (message == null) {
        copy = open(parts.next());
        isHeaderRead = false;
        message = copy.next();
        continue;
      }
      BinaryRow row = new BinaryRow(message, shared);
      if (!isHeaderRead) {
        skipHeader(row);
        isHeaderRead = true;
      }
      // The trailer is a separate message with a field count of -1.
      if (row.hasMore() && row.int16() > 0) {
        return Optional.of(read(row));
      }
      message = copy.next();
    }
    return Optional.empty();
  }

  private static void skipHeader(BinaryRow row) {
    int length = SIGNATURE.length;
    if (!Arrays.equals(row.bytes(), 0, length, SIGNATURE, 0, length)) {
      throw new IllegalStateException("the server's COPY does not begin as binary COPY does");
    }
    row.skip(length + FLAGS_BYTES);
    row.skip(row.int32());
  }

  private DecodedEvent read(BinaryRow row) {
    long id = row.longValue();
    String time = row.textValue();
    long txid = row.longValue();
    Integer retry = row.intValue();
    int texts = row.position();
    String type = row.sharedTextValue();
    int length = row.int32();
    int start = row.position();
    row.skip(Math.max(0, length));
    Event event =
        new Event(
            id,
            time == null ? "" : time,
            txid,
            retry,
            type == null ? "" : type,
            null,
            row.sharedTextValue(),
            row.textValue(),
            row.textValue(),
            row.textValue());
    RowChange change =
        length < 0 || !event.hasColumns() ? null : decode(event, row.bytes(), start, length);
    if (length >= 0 && (whole || change == null)) {
      event = event.withData(new String(row.bytes(), start, length, StandardCharsets.UTF_8));
    }
    if (text == EventText.CHARACTERS) {
      return new DecodedEvent(event, change);
    }
    return checked(event, change, row.bytes(), texts);
  }

  /**
   * Returns null if the data cannot be decoded: only the receiver can decide if that is an error.
   */
  private @Nullable RowChange decode(Event event, byte[] data, int start, int length) {
    try {
      String table = event.extra1();
      return decoder.decode(event.type(), table == null ? "" : table, data, start, length);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /**
   * Checks an event of a provider with encoding SQL_ASCII, whose server does not check texts. Only
   * an event with bytes that are not UTF-8 is treated as bytes.
   */
  private DecodedEvent checked(Event event, @Nullable RowChange change, byte[] bytes, int texts) {
    List<@Nullable String> raw = new ArrayList<>();
    String problem = null;
    boolean canBeRaw = text == EventText.BYTES && event.hasColumns();
    BinaryRow row = new BinaryRow(bytes, shared);
    row.skip(texts);
    for (String column : TEXTS) {
      int length = row.int32();
      String wrong = length < 0 ? null : check.problem(bytes, row.position(), length);
      if (wrong != null && (problem == null || NAMES.contains(column))) {
        problem = column + ": " + wrong;
        canBeRaw &= !NAMES.contains(column);
      }
      raw.add(length < 0 ? null : RawText.of(bytes, row.position(), length));
      row.skip(Math.max(0, length));
    }
    if (problem == null && (change == null || !change.isRaw())) {
      return new DecodedEvent(event, change);
    }
    Event asBytes =
        problem == null
            ? event
            : new Event(
                event.id(),
                event.time(),
                event.txid(),
                event.retry(),
                event.type(),
                raw.get(1),
                event.extra1(),
                raw.get(3),
                raw.get(4),
                raw.get(5));
    RowChange rawChange = change != null && change.isRaw() ? change : rawChange(asBytes);
    return canBeRaw && rawChange != null
        ? new DecodedEvent(asBytes, rawChange, problem != null, null)
        : new DecodedEvent(asBytes, rawChange, problem != null, remedy(problem, rawChange));
  }

  private @Nullable RowChange rawChange(Event event) {
    if (!event.hasColumns() || event.data() == null) {
      return null;
    }
    byte[] data = event.requiredData().getBytes(StandardCharsets.UTF_8);
    RowChange change = decode(event, data, 0, data.length);
    return change == null ? null : RowDecoder.raw(change);
  }

  private String remedy(@Nullable String problem, @Nullable RowChange change) {
    return (problem == null && change != null ? problemOf(change) : problem)
        + (change == null ? "" : " (row with key " + change.keyText() + ")")
        + "; correct the row on the provider and resync the table here, or let this database have"
        + " encoding SQL_ASCII, too";
  }

  /**
   * Returns the problem of a row whose url-encoded values are not UTF-8, while the text of its
   * event is.
   */
  private String problemOf(RowChange raw) {
    for (int i = 0; i < raw.shape().columns().size(); i++) {
      String value = raw.value(i);
      if (value != null) {
        byte[] bytes = value.getBytes(StandardCharsets.ISO_8859_1);
        String problem = check.problem(bytes, 0, bytes.length);
        if (problem != null) {
          return "column " + raw.shape().columns().get(i) + ": " + problem;
        }
      }
    }
    return "a column's name is not UTF-8";
  }

  /**
   * Closes the connection while another thread reads from it. May be called by any thread. Never
   * throws.
   */
  void cut() {
    Conversation.cut(provider);
  }

  /**
   * Discards events that were not read. Never throws, so that it does not hide an earlier failure.
   */
  @Override
  public void close() {
    copy.close();
  }
}
