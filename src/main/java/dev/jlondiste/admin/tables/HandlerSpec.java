package dev.jlondiste.admin.tables;

import dev.jlondiste.fault.UserError;
import dev.jlondiste.pgq.row.UrlEncoding;
import dev.jlondiste.replica.handler.HandlerFactory;
import dev.jlondiste.replica.handler.TableHandlers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A table's handler and its arguments, checked. */
public record HandlerSpec(String name, Map<String, String> arguments) {
  /** Returns empty if neither a name nor arguments are given. */
  public static Optional<HandlerSpec> of(Optional<String> name, List<String> pairs) {
    if (name.isEmpty() && pairs.isEmpty()) {
      return Optional.empty();
    }
    HandlerFactory handler = handler(name.orElse(TableHandlers.DEFAULT));
    return Optional.of(new HandlerSpec(handler.name(), checkedArguments(handler, pairs)));
  }

  private static HandlerFactory handler(String name) {
    if (name.indexOf('(') >= 0) {
      throw new UserError(
          "--handler=" + name + ": arguments do not belong here", "use --handler-arg=KEY=VALUE");
    }
    return TableHandlers.find(name)
        .orElseThrow(
            () ->
                new UserError(
                    "unknown handler '" + name + "'",
                    "handlers here: "
                        + String.join(", ", TableHandlers.names())
                        + "; leave --handler out, or replicate the table with Londiste"));
  }

  private static Map<String, String> checkedArguments(HandlerFactory handler, List<String> pairs) {
    Map<String, String> arguments = new LinkedHashMap<>();
    for (String pair : pairs) {
      int equals = pair.indexOf('=');
      if (equals <= 0) {
        throw new UserError("--handler-arg=" + pair + ": expected KEY=VALUE", null);
      }
      String key = pair.substring(0, equals);
      String value = pair.substring(equals + 1);
      handler.checkArgument(key, value);
      if (arguments.put(key, value) != null) {
        throw new UserError("handler argument '" + key + "' is given twice", null);
      }
    }
    return arguments;
  }

  /** The value of the table attribute {@code handler}. */
  String attribute() {
    return arguments.isEmpty() ? name : name + "(" + UrlEncoding.encode(arguments) + ")";
  }
}
