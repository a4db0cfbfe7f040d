package dev.jlondiste.pgq;

import dev.jlondiste.pgq.row.EventFormat;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One row of a queue.
 *
 * @param time when it was inserted, in the server's text format; {@link #insertedAt} parses it
 * @param txid id of the transaction that inserted it into this database
 * @param retry number of retries; null for the first delivery
 */
public record Event(
    long id,
    String time,
    long txid,
    @Nullable Integer retry,
    String type,
    @Nullable String data,
    @Nullable String extra1,
    @Nullable String extra2,
    @Nullable String extra3,
    @Nullable String extra4) {

  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .appendLiteral(' ')
          .append(DateTimeFormatter.ISO_LOCAL_TIME)
          .appendOffset("+HH:mm:ss", "Z")
          .toFormatter(Locale.ROOT);

  /** When the event was inserted: the start of its transaction, by the server's clock. */
  public Instant insertedAt() {
    return TIME.parse(time, Instant::from);
  }

  /** True if a row was inserted, updated or deleted: the type is in a format of PgQ's triggers. */
  public boolean isRowChange() {
    EventFormat format = EventFormat.of(type);
    return format != null && !format.isTruncate(type);
  }

  /** True if a table was truncated. Triggers of PgQ and native capture write such events. */
  public boolean isTruncate() {
    EventFormat format = EventFormat.of(type);
    return format != null && format.isTruncate(type);
  }

  /**
   * True if a partition was truncated or is gone: subscribers delete all rows for which the data,
   * an SQL condition, is true. Written by {@code londiste._publish_deletion}.
   */
  public boolean isPartitionDeletion() {
    return type.equals("D") && ("partition gone".equals(extra4) || isPartitionTruncate());
  }

  /** True if a partition was truncated. */
  public boolean isPartitionTruncate() {
    return type.equals("D") && "partition truncated".equals(extra4);
  }

  /** True for a row change whose data has the columns of the row, not an SQL fragment. */
  public boolean hasColumns() {
    EventFormat format = EventFormat.of(type);
    return format != null && format.hasColumns() && !format.isTruncate(type);
  }

  /** True for a row change or a truncate; {@link #extra1} is the name of its table. */
  public boolean isTableEvent() {
    return EventFormat.of(type) != null;
  }

  /** Returns the same event with other data. */
  public Event withData(@Nullable String other) {
    return new Event(id, time, txid, retry, type, other, extra1, extra2, extra3, extra4);
  }

  /** True for events of the cascade itself: the type begins with {@code pgq.}. */
  public boolean isCascadeEvent() {
    return type.startsWith("pgq.");
  }

  /** Returns the data of an event that must not be null. */
  public String requiredData() {
    if (data == null) {
      throw new IllegalStateException("event " + id + " of type " + type + " has no data");
    }
    return data;
  }

  /**
   * Returns the first extra field, which must not be null: the name of a table, a sequence or a
   * queue.
   */
  public String requiredExtra1() {
    if (extra1 == null) {
      throw new IllegalStateException("event " + id + " of type " + type + " has no extra1");
    }
    return extra1;
  }
}
