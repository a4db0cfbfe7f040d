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
 * The meters of one process. Names are {@code jlondiste.WHAT}; what belongs to a part of it (a
 * queue's consumer, a table, a database) carries that part's name as tag. Thread-safe.
 */
public final class Meters {
  private static final String PREFIX = "jlondiste.";

  private final MeterRegistry registry;
  private final Map<String, AtomicReference<Double>> gauges = new ConcurrentHashMap<>();

  /** Kept in this process, to be asked for with {@link #values}. */
  public Meters() {
    this(new SimpleMeterRegistry());
  }

  /** In somebody else's registry; one of these for each registry. */
  public Meters(MeterRegistry registry) {
    this.registry = registry;
  }

  /** A batch was applied and finished; {@code ignored} of its events were for others. */
  public void batch(String consumer, long events, long ignored, Duration applying) {
    count("batches", "consumer", consumer, 1);
    count("events", "consumer", consumer, events);
    count("events.ignored", "consumer", consumer, ignored);
    registry.timer(PREFIX + "apply", "consumer", consumer).record(applying);
  }

  /** How old the consumer's position is. */
  public void lag(String consumer, Duration lag) {
    gauge("lag.seconds", "consumer", consumer, lag.toMillis() / 1000.0);
  }

  /** A step of the worker failed. */
  public void failure(String consumer) {
    count("failures", "consumer", consumer, 1);
  }

  /** The ticker was called in that database and made so many ticks. */
  public void ticks(String database, long ticks) {
    count("ticks", "database", database, ticks);
  }

  /** The first copy of a table has moved on by this much. */
  public void copied(String table, long rows, long bytes) {
    count("copy.rows", "table", table, rows);
    count("copy.bytes", "table", table, bytes);
  }

  /** One line about a consumer; empty before its first batch. */
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
   * All present values, by {@code name{tag=part}}, timers as {@code .count} and {@code .total_time}
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
