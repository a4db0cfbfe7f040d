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
 * @param time when it was inserted, as the server writes it; {@link #insertedAt} reads it
 * @param txid the transaction that inserted it, in the database it is read from
 * @param retry null for the first delivery, then 1, 2, ...
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

  /** A row was inserted, updated or deleted: an event of one of PgQ's triggers, or like those. */
  public boolean isRowChange() {
    EventFormat format = EventFormat.of(type);
    return format != null && !format.isTruncate(type);
  }

  /** A table was truncated, which triggers of PgQ and native capture write. */
  public boolean isTruncate() {
    EventFormat format = EventFormat.of(type);
    return format != null && format.isTruncate(type);
  }

  /** A row change whose data has the columns of the row: no SQL fragment. */
  boolean hasColumns() {
    EventFormat format = EventFormat.of(type);
    return format != null && format.hasColumns() && !format.isTruncate(type);
  }

  /** A row change or a truncate: {@link #extra1} names its table. */
  public boolean isTableEvent() {
    return EventFormat.of(type) != null;
  }

  /** The same event with other data. */
  public Event withData(@Nullable String other) {
    return new Event(id, time, txid, retry, type, other, extra1, extra2, extra3, extra4);
  }

  /** Events of the cascade itself, {@code pgq.*}. */
  public boolean isCascadeEvent() {
    return type.startsWith("pgq.");
  }

  /** The data of an event that must have some. */
  public String requiredData() {
    if (data == null) {
      throw new IllegalStateException("event " + id + " of type " + type + " has no data");
    }
    return data;
  }

  /** The first extra field of an event that must have one: a table, a sequence, a queue. */
  public String requiredExtra1() {
    if (extra1 == null) {
      throw new IllegalStateException("event " + id + " of type " + type + " has no extra1");
    }
    return extra1;
  }
}
