package dev.jlondiste.cli;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A time on the command line: a number with a unit of PostgreSQL, without one in seconds. */
final class DurationOption implements ITypeConverter<Duration> {
  private static final Pattern TEXT = Pattern.compile("([0-9]+(?:\\.[0-9]+)?) *(ms|s|min|h|d)?");
  private static final Map<String, Long> MILLIS =
      Map.of("ms", 1L, "s", 1000L, "min", 60_000L, "h", 3_600_000L, "d", 86_400_000L);

  @Override
  public Duration convert(String text) {
    Matcher parts = TEXT.matcher(text.strip());
    if (!parts.matches()) {
      throw new TypeConversionException(
          "'" + text + "' is not a time, such as 500ms, 2s, 1min, 1h or 1d");
    }
    String unit = parts.group(2) == null ? "s" : parts.group(2);
    BigDecimal millis =
        new BigDecimal(parts.group(1)).multiply(BigDecimal.valueOf(MILLIS.getOrDefault(unit, 1L)));
    return Duration.ofMillis(millis.longValue());
  }
}
