package dev.jlondiste.companion;

import dev.jlondiste.config.CompanionSettings;
import dev.jlondiste.pgq.Batch;
import dev.jlondiste.pgq.consumer.BatchEvents;
import java.sql.Connection;
import java.util.Map;
import java.util.Optional;

/** What a program does with the events of a batch. Called by one thread only. */
sealed interface BatchWriter permits QueueMover, QueueSplitter, SimpleConsumer {
  /**
   * Writes the effect of the events in a transaction of the caller.
   *
   * @return counters for the statistics
   */
  Map<String, Long> write(BatchEvents events, Batch batch, Connection destination) throws Exception;

  static BatchWriter of(CompanionSettings settings) {
    return switch (settings.kind()) {
      case QUEUE_MOVER -> new QueueMover(settings.destinationQueue().orElseThrow());
      case QUEUE_SPLITTER ->
          new QueueSplitter(
              settings.queueField(),
              settings.isOneDatabase() ? Optional.of(settings.queueName()) : Optional.empty());
      case SIMPLE_CONSUMER -> new SimpleConsumer(EventQuery.parse(settings.query().orElseThrow()));
    };
  }
}
