package dev.jlondiste.metrics;

import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The meters of one process, named {@code jlondiste.WHAT}. The meters of a consumer, a table or a
 * database carry its name as a tag. Thread-safe.
 */
public final class Meters {
  private static final String PREFIX = "jlondiste.";

  private final MeterRegistry registry;
  private final Map<String, AtomicReference<Double>> gauges = new ConcurrentHashMap<>();

  /** Meters in a registry of their own, read with {@link #values}. */
  public Meters() {
    this(new SimpleMeterRegistry());
  }

  /** Meters in the caller's registry; create one instance for each registry. */
  public Meters(MeterRegistry registry) {
    this.registry = registry;
  }

  /**
   * Counts a batch that was applied and finished; {@code ignored} events of it were for other
   * consumers.
   */
  public void batch(String consumer, long events, long ignored, Duration applying) {
    count("batches", "consumer", consumer, 1);
    count("events", "consumer", consumer, events);
    count("events.ignored", "consumer", consumer, ignored);
    registry.timer(PREFIX + "apply", "consumer", consumer).record(applying);
  }

  /** Counts events of a batch that could not be applied: dead letters, and those not kept. */
  public void skipped(String consumer, long letters, long discarded) {
    count("events.dead_letters", "consumer", consumer, letters);
    count("events.discarded", "consumer", consumer, discarded);
  }

  /** Sets the age of the consumer's position. */
  public void lag(String consumer, Duration lag) {
    gauge("lag.seconds", "consumer", consumer, lag.toMillis() / 1000.0);
  }

  /** Counts a failed step of the worker. */
  public void failure(String consumer) {
    count("failures", "consumer", consumer, 1);
  }

  /** Counts the ticks that the ticker inserted in a database. */
  public void ticks(String database, long ticks) {
    count("ticks", "database", database, ticks);
  }

  /** Counts rows and bytes that the initial copy of a table has written since the last call. */
  public void copied(String table, long rows, long bytes) {
    count("copy.rows", "table", table, rows);
    count("copy.bytes", "table", table, bytes);
  }

  /** Counts rows of a table that were compared in the background. */
  public void verified(String table, long rows) {
    count("verify.rows", "table", table, rows);
  }

  /** Sets how many rows of a table differed when it was last compared in the background. */
  public void differing(String table, long rows) {
    gauge("verify.differing.rows", "table", table, (double) rows);
  }

  /** Summary of a consumer for its log line; empty before its first batch. */
  public Optional<String> summary(String consumer) {
    double batches = registry.counter(PREFIX + "batches", "consumer", consumer).count();
    AtomicReference<Double> lag = gauges.get("lag.seconds/" + consumer);
    return batches == 0 || lag == null
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT,
                "%.0f events in %.0f batches, %.1f s behind after the last",
                registry.counter(PREFIX + "events", "consumer", consumer).count(),
                batches,
                lag.get()));
  }

  private void count(String name, String tag, String part, long more) {
    registry.counter(PREFIX + name, tag, part).increment((double) more);
  }

  private void gauge(String name, String tag, String part, double value) {
    gauges
        .computeIfAbsent(
            name + "/" + part,
            key -> {
              AtomicReference<Double> holder = new AtomicReference<>(value);
              registry.gauge(PREFIX + name, Tags.of(tag, part), holder, AtomicReference::get);
              return holder;
            })
        .set(value);
  }

  /**
   * The current values by {@code name{tag=part}}; timers as {@code .count} and {@code .total_time}
   * (seconds).
   */
  public Map<String, Double> values() {
    Map<String, Double> values = new TreeMap<>();
    for (Meter meter : registry.getMeters()) {
      for (Measurement measurement : meter.measure()) {
        values.put(label(meter.getId(), measurement), measurement.getValue());
      }
    }
    return values;
  }

  private static String label(Meter.Id id, Measurement measurement) {
    String statistic =
        id.getType() == Meter.Type.TIMER
            ? "." + measurement.getStatistic().getTagValueRepresentation()
            : "";
    StringBuilder tags = new StringBuilder();
    id.getTags()
        .forEach(
            tag ->
                tags.append('{')
                    .append(tag.getKey())
                    .append('=')
                    .append(tag.getValue())
                    .append('}'));
    return id.getName() + statistic + tags;
  }
}
