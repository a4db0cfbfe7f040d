package dev.jlondiste.admin.queues;

import dev.jlondiste.config.Spelling;
import dev.jlondiste.fault.UserError;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A setting of a queue. It has a short name, and the name of its column in {@code pgq.queue}. */
public enum QueueSetting {
  MAX_COUNT("ticker_max_count", Kind.COUNT),
  MAX_LAG("ticker_max_lag", Kind.INTERVAL),
  IDLE_PERIOD("ticker_idle_period", Kind.INTERVAL),
  PAUSED("ticker_paused", Kind.SWITCH),
  ROTATION_PERIOD("rotation_period", Kind.INTERVAL),
  EXTERNAL_TICKER("external_ticker", Kind.SWITCH);

  /** The type of a value. */
  enum Kind {
    COUNT("integer", "a whole number, 0 or more"),
    INTERVAL("interval", "an interval that is not negative, such as '3 seconds' or '00:01:00'"),
    SWITCH("boolean", "true or false");

    private final String type;
    private final String description;

    Kind(String type, String description) {
      this.type = type;
      this.description = description;
    }

    String type() {
      return type;
    }

    String description() {
      return description;
    }
  }

  private final String parameter;
  private final Kind kind;

  QueueSetting(String parameter, Kind kind) {
    this.parameter = parameter;
    this.kind = kind;
  }

  /**
   * Finds a setting by name: {@code max_lag}, {@code ticker_max_lag} or {@code
   * queue_ticker_max_lag}, in any case.
   */
  public static QueueSetting named(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    String bare = lower.startsWith("queue_") ? lower.substring("queue_".length()) : lower;
    return Arrays.stream(values())
        .filter(setting -> setting.parameter.equals(bare) || setting.shortName().equals(bare))
        .findFirst()
        .orElseThrow(
            () ->
                new UserError(
                    "queues have no setting \"%s\"%s"
                        .formatted(name, Spelling.guess(bare, names())),
                    "possible settings: " + String.join(", ", names())));
  }

  /** All short names, in the order in which they are documented. */
  public static List<String> names() {
    return Arrays.stream(values()).map(QueueSetting::shortName).collect(Collectors.toList());
  }

  public String shortName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The parameter name for {@code pgq.set_queue_config}. */
  String parameter() {
    return parameter;
  }

  Kind kind() {
    return kind;
  }
}
