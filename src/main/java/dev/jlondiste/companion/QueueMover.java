package dev.jlondiste.companion;

import dev.jlondiste.pgq.Batch;
import dev.jlondiste.pgq.Event;
import dev.jlondiste.pgq.consumer.BatchEvents;
import dev.jlondiste.pgq.producer.BulkLoad;
import dev.jlondiste.pgq.producer.QueueProducer;
import java.sql.Connection;
import java.util.Map;
import java.util.Optional;

/** Copies all events to one queue, in their order. */
record QueueMover(String queue) implements BatchWriter {
  @Override
  public Map<String, Long> write(BatchEvents events, Batch batch, Connection destination)
      throws Exception {
    long count = 0;
    try (BulkLoad load = new QueueProducer(queue).bulk(destination)) {
      for (Optional<Event> next = events.next(); next.isPresent(); next = events.next()) {
        load.copy(next.get());
        count++;
      }
    }
    return Map.of("count", count);
  }
}
