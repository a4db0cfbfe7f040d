package dev.jlondiste.companion;

import dev.jlondiste.db.Quoting;
import dev.jlondiste.fault.UserError;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An SQL statement with the placeholders {@code %(name)s}; {@code %%} is a percent sign. */
final class EventQuery {
  private static final Pattern PERCENT = Pattern.compile("%(?:\\(([^)]*)\\)s|(%))?");

  /** A placeholder, and the text of the statement before it. */
  private record Part(String before, String name) {}

  private final List<Part> parts;
  private final String rest;

  private EventQuery(List<Part> parts, String rest) {
    this.parts = parts;
    this.rest = rest;
  }

  /** Throws {@link UserError} if a percent sign is no placeholder. */
  static EventQuery parse(String text) {
    List<Part> parts = new ArrayList<>();
    StringBuilder before = new StringBuilder();
    int end = 0;
    Matcher percent = PERCENT.matcher(text);
    while (percent.find()) {
      before.append(text.substring(end, percent.start()));
      end = percent.end();
      if (percent.group(2) != null) {
        before.append('%');
      } else if (percent.group(1) != null) {
        parts.add(new Part(before.toString(), percent.group(1)));
        before.setLength(0);
      } else {
        throw new UserError(
            "dst_query has a percent sign that begins no placeholder: "
                + text.substring(percent.start(), Math.min(text.length(), percent.start() + 20)),
            "write %%(column)s for the value of a column, %%%% for a percent sign: the ini file"
                + " halves them");
      }
    }
    return new EventQuery(List.copyOf(parts), before + text.substring(end));
  }

  /** Returns the statement with the values as literals of no type. */
  String text(Map<String, @Nullable String> values) {
    StringBuilder text = new StringBuilder();
    for (Part part : parts) {
      if (!values.containsKey(part.name())) {
        throw new UserError(
            "dst_query refers to '" + part.name() + "', which this event does not have",
            "it has "
                + String.join(", ", new TreeSet<>(values.keySet()))
                + "; table_filter and consumer_filter leave events out");
      }
      text.append(part.before()).append(Quoting.literal(values.get(part.name())));
    }
    return text.append(rest).toString();
  }
}
