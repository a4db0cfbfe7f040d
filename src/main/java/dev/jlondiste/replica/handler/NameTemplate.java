package dev.jlondiste.replica.handler;

import dev.jlondiste.fault.UserError;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A text with variables in the form {@code %(name)s}; {@code %%} is a percent sign. */
record NameTemplate(String argument, String text) {
  private static final Pattern PLACE = Pattern.compile("%(?:\\((\\w*)\\)s|%)?");

  /** Throws UserError if a variable is not one of {@code known}. */
  void check(Set<String> known) {
    Matcher place = PLACE.matcher(text);
    while (place.find()) {
      String variable = place.group(1);
      if (!place.group().equals("%%") && (variable == null || !known.contains(variable))) {
        throw new UserError(
            "handler argument %s has '%s', which is no variable: %s"
                .formatted(argument, place.group(), text),
            "variables are %s, in the form %%(name)s; %%%% is a percent sign"
                .formatted(String.join(", ", new TreeSet<>(known))));
      }
    }
  }

  /** Replaces the variables. */
  String fill(Map<String, String> values) {
    check(values.keySet());
    return PLACE
        .matcher(text)
        .replaceAll(
            place ->
                Matcher.quoteReplacement(
                    place.group(1) == null ? "%" : values.getOrDefault(place.group(1), "")));
  }
}
