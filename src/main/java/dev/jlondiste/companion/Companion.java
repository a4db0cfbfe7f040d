package dev.jlondiste.companion;

import dev.jlondiste.cascade.WorkerStatistics;
import dev.jlondiste.config.CompanionSettings;
import dev.jlondiste.config.ReadSettings;
import dev.jlondiste.db.Database;
import dev.jlondiste.db.DurableCommit;
import dev.jlondiste.db.Quoting;
import dev.jlondiste.db.Sql;
import dev.jlondiste.loop.Outcome;
import dev.jlondiste.loop.Work;
import dev.jlondiste.pgq.Batch;
import dev.jlondiste.pgq.BatchLimits;
import dev.jlondiste.pgq.consumer.BatchEvents;
import dev.jlondiste.pgq.consumer.ConsumerBuilder;
import dev.jlondiste.pgq.consumer.ConsumerListener;
import dev.jlondiste.pgq.consumer.Delivery;
import dev.jlondiste.pgq.consumer.QueueConsumer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One step of a program: delivers the next batch to its {@link BatchWriter}. The consumer is
 * created by the first step, and again when the settings have changed, because the destination has
 * to be asked how it can store the position. Called by one thread only.
 */
public final class Companion implements Work {
  private static final Logger log = LoggerFactory.getLogger(Companion.class);

  private final Supplier<CompanionSettings> settings;
  private final Database source;
  private final Database destination;
  private final WorkerStatistics statistics;
  private @Nullable CompanionSettings applied;
  private @Nullable Work work;
  private Map<String, Long> counters = Map.of();

  /**
   * Creates the step; does not access a database.
   *
   * @param destination the same object as {@code source} if both are one database
   */
  public Companion(
      Supplier<CompanionSettings> settings,
      Database source,
      Database destination,
      WorkerStatistics statistics) {
    this.settings = settings;
    this.source = source;
    this.destination = destination;
    this.statistics = statistics;
    check(settings.get());
  }

  /** Throws {@link dev.jlondiste.fault.UserError} if the statement cannot be parsed. */
  public static void check(CompanionSettings settings) {
    BatchWriter.of(settings);
  }

  @Override
  public Outcome runOnce() throws SQLException, InterruptedException {
    CompanionSettings now = settings.get();
    Work current = work;
    if (current == null || !now.equals(applied)) {
      current = create(now);
      work = current;
      applied = now;
    }
    statistics.begin();
    Outcome outcome = current.runOnce();
    if (outcome == Outcome.IDLE) {
      statistics.idle(now.consumer().keepaliveStats());
    }
    return outcome;
  }

  private Work create(CompanionSettings now) throws SQLException {
    Tracking tracking = Tracking.of(now, destination);
    BatchWriter writer = BatchWriter.of(now);
    ConsumerBuilder builder =
        QueueConsumer.of(source.dataSource(), now.queueName(), now.consumerName())
            .batches(limits(now.consumer()))
            .fetchSize(now.fetchSize())
            .listener(recorder());
    filter(now).ifPresent(builder::onlyWhere);
    switch (tracking) {
      case IN_QUEUE ->
          builder.handlingBatches(
              (events, delivery) ->
                  counters = writer.write(events, delivery.batch(), delivery.connection()));
      case IN_DESTINATION -> {
        TickPosition position = new TickPosition(now.consumerName());
        builder
            .into(destination.dataSource())
            .handlingBatches((events, delivery) -> track(writer, position, events, delivery));
      }
      case NONE -> {
        log.warn("dst_db has no schema pgq_ext: events take effect at least once");
        builder.handlingBatches((events, delivery) -> writeFirst(writer, events, delivery));
      }
    }
    return builder.build().work();
  }

  private void track(
      BatchWriter writer, TickPosition position, BatchEvents events, Delivery delivery)
      throws Exception {
    Connection db = delivery.connection();
    counters = Map.of("count", 0L);
    if (!position.isDone(db, delivery.batch())) {
      counters = writer.write(events, delivery.batch(), db);
      position.complete(db, delivery.batch());
    }
  }

  private void writeFirst(BatchWriter writer, BatchEvents events, Delivery delivery)
      throws Exception {
    try (Connection db = destination.open()) {
      Sql.run(db, "select 1 from " + DurableCommit.JOINED); // before the batch is finished
      counters = writer.write(events, delivery.batch(), db);
      db.commit();
    }
  }

  private ConsumerListener recorder() {
    return new ConsumerListener() {
      @Override
      public void batchDone(Batch batch, long events, Duration took) {
        statistics.end(counters, batch);
      }
    };
  }

  private static BatchLimits limits(ReadSettings read) {
    return new BatchLimits(
        read.keepLag().orElse(null),
        read.batchCollectEvents() == 0 ? null : read.batchCollectEvents(),
        read.batchCollectInterval().orElse(null));
  }

  private static Optional<String> filter(CompanionSettings now) {
    List<String> conditions = new ArrayList<>();
    if (!now.tables().isEmpty()) {
      conditions.add(
          now.tables().stream()
              .map(Quoting::literal)
              .collect(Collectors.joining(", ", "ev_extra1 in (", ")")));
    }
    now.consumerFilter().ifPresent(condition -> conditions.add("(" + condition + ")"));
    return conditions.isEmpty() ? Optional.empty() : Optional.of(String.join(" and ", conditions));
  }

  /** Logs the statistics that are not logged yet. */
  @Override
  public void close() {
    statistics.flush();
  }
}
