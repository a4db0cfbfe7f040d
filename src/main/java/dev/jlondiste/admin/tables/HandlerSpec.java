package dev.jlondiste.admin.tables;

import dev.jlondiste.fault.UserError;
import dev.jlondiste.pgq.row.UrlEncoding;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A table's handler and its arguments, checked. */
public record HandlerSpec(String name, Map<String, String> arguments) {
  private static final String DEFAULT = "londiste";

  /** Empty when neither a name nor arguments are given. */
  public static Optional<HandlerSpec> of(Optional<String> name, List<String> pairs) {
    if (name.isEmpty() && pairs.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(new HandlerSpec(checkedName(name.orElse(DEFAULT)), checkedArguments(pairs)));
  }

  private static String checkedName(String name) {
    if (name.indexOf('(') >= 0) {
      throw new UserError(
          "--handler=" + name + ": arguments do not belong here", "use --handler-arg=KEY=VALUE");
    }
    if (!name.equals(DEFAULT)) {
      throw new UserError(
          "unknown handler '" + name + "'",
          "the only handler here so far is '"
              + DEFAULT
              + "': leave --handler out, or replicate the table with Londiste");
    }
    return name;
  }

  private static Map<String, String> checkedArguments(List<String> pairs) {
    Map<String, String> arguments = new LinkedHashMap<>();
    for (String pair : pairs) {
      int equals = pair.indexOf('=');
      if (equals <= 0) {
        throw new UserError("--handler-arg=" + pair + ": expected KEY=VALUE", null);
      }
      String key = pair.substring(0, equals);
      String value = pair.substring(equals + 1);
      if (!key.equals("ignore_truncate")) {
        throw new UserError(
            "Invalid handler argument: '" + key + "'",
            "handler '" + DEFAULT + "' knows ignore_truncate=0|1");
      }
      if (!value.equals("0") && !value.equals("1")) {
        throw new UserError(
            "handler argument ignore_truncate is 0 or 1, not '" + value + "'", null);
      }
      if (arguments.put(key, value) != null) {
        throw new UserError("handler argument '" + key + "' is given twice", null);
      }
    }
    return arguments;
  }

  /** As stored in the table attribute {@code handler}. */
  String attribute() {
    return arguments.isEmpty() ? name : name + "(" + UrlEncoding.encode(arguments) + ")";
  }
}
