package dev.jlondiste.replica.inventory;

import dev.jlondiste.db.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A trigger that captures changes of a table into a queue.
 *
 * @param enabled the server's code in column tgenabled
 * @param type the server's bit mask in column tgtype
 * @param function the function's name without schema
 * @param level the level of native capture, {@code statement} or {@code row}; null for compatible
 *     triggers
 * @param arguments the arguments after the first one, which is the queue
 * @param identity the queue-wide name of the table for which it was created
 * @param outdated true if the table's columns have changed since the trigger was created
 */
record CaptureTrigger(
    String name,
    String enabled,
    int type,
    String function,
    @Nullable String level,
    List<String> arguments,
    Optional<TableName> identity,
    boolean outdated) {
  /** The option for the flags that triggers have by default. */
  static final String USUAL_FLAGS = "tgflags=LIUD";

  private static final int BEFORE = 2;
  private static final int INSERT = 4;
  private static final int DELETE = 8;
  private static final int UPDATE = 16;
  private static final int TRUNCATE = 32;

  boolean isNative() {
    return level != null;
  }

  /** True unless the trigger is disabled or enabled for role replica only. */
  boolean fires() {
    return enabled.equals("O") || enabled.equals("A");
  }

  boolean seesTruncate() {
    return (type & TRUNCATE) != 0;
  }

  boolean seesRows() {
    return (type & (INSERT | DELETE | UPDATE)) != 0;
  }

  /**
   * True if the name is one that {@code londiste.create_trigger} uses; other triggers belong to
   * users.
   */
  boolean isCreatedByLondiste() {
    return isNative() || name.startsWith("_londiste_") || name.startsWith("zzz__londiste_");
  }

  /** True if it refuses changes instead of capturing them. */
  boolean denies() {
    return arguments.contains("deny");
  }

  /** True if it is the trigger of a sharded table for updates that may move a row. */
  boolean seesMovedRows() {
    return isNative() && arguments.contains("moved");
  }

  boolean namesKey() {
    return arguments.stream().anyMatch(argument -> argument.startsWith("pkey="));
  }

  /**
   * Returns the arguments with which {@code londiste.create_trigger} creates triggers like this
   * one.
   */
  List<String> createArguments() {
    List<String> createArguments = new ArrayList<>();
    if (!isNative()) {
      createArguments.add("tgflags=" + flags());
    }
    for (String argument : arguments) {
      if (argument.equals("SKIP")) {
        createArguments.add("skip");
      } else if (!argument.equals("deny")
          && !argument.equals("key")
          && !argument.equals("moved")
          && !argument.startsWith("ev_extra1=")) {
        createArguments.add(argument);
      }
    }
    return createArguments;
  }

  private String flags() {
    String format =
        switch (function) {
          case "jsontriga" -> "J";
          case "sqltriga" -> "Q";
          default -> "L";
        };
    return format
        + ((type & BEFORE) != 0 ? "B" : "")
        + ((type & INSERT) != 0 ? "I" : "")
        + ((type & UPDATE) != 0 ? "U" : "")
        + ((type & DELETE) != 0 ? "D" : "");
  }
}
