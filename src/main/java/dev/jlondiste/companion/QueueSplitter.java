package dev.jlondiste.companion;

import dev.jlondiste.fault.UserError;
import dev.jlondiste.pgq.Batch;
import dev.jlondiste.pgq.Event;
import dev.jlondiste.pgq.consumer.BatchEvents;
import dev.jlondiste.pgq.producer.BulkLoad;
import dev.jlondiste.pgq.producer.QueueProducer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Copies each event to the queue that one of its fields names. The events of one queue keep their
 * order.
 *
 * @param field without {@code ev_}
 * @param own the queue that is consumed, if it is in the destination
 */
record QueueSplitter(String field, Optional<String> own) implements BatchWriter {
  /** Each open queue buffers up to 1 MB. */
  private static final int MAX_OPEN_QUEUES = 32;

  @Override
  public Map<String, Long> write(BatchEvents events, Batch batch, Connection destination)
      throws Exception {
    long count = 0;
    Map<String, BulkLoad> open = new LinkedHashMap<>();
    for (Optional<Event> next = events.next(); next.isPresent(); next = events.next()) {
      Event event = next.get();
      String queue = queue(event);
      if (!open.containsKey(queue)) {
        if (open.size() == MAX_OPEN_QUEUES) {
          flush(open);
        }
        open.put(queue, new QueueProducer(queue).bulk(destination));
      }
      open.get(queue).copy(event);
      count++;
    }
    flush(open);
    return Map.of("count", count);
  }

  private static void flush(Map<String, BulkLoad> open) throws SQLException {
    for (BulkLoad load : open.values()) {
      load.flush();
    }
    open.clear();
  }

  private String queue(Event event) {
    String queue = value(event);
    if (queue == null || queue.isEmpty()) {
      throw new UserError(
          "event " + event.id() + " names no queue: its field " + field + " is empty",
          "set queue_field to the field that has the name, or leave such events out:"
              + " consumer_filter = ev_"
              + field
              + " <> ''");
    }
    if (own.equals(Optional.of(queue))) { // it would be copied again and again
      throw new UserError(
          "event " + event.id() + " names the queue that is consumed, '" + queue + "'",
          "leave such events out: consumer_filter = ev_" + field + " <> '" + queue + "'");
    }
    return queue;
  }

  private @Nullable String value(Event event) {
    return switch (field) {
      case "type" -> event.type();
      case "data" -> event.data();
      case "extra1" -> event.extra1();
      case "extra2" -> event.extra2();
      case "extra3" -> event.extra3();
      case "extra4" -> event.extra4();
      default -> throw new IllegalStateException("field " + field);
    };
  }
}
