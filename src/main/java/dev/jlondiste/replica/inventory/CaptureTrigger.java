package dev.jlondiste.replica.inventory;

import dev.jlondiste.db.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A trigger between a table and a queue.
 *
 * @param enabled the server's letter
 * @param type the server's bits
 * @param function without schema
 * @param level of native capture, {@code statement} or {@code row}; null for the compatible ones
 * @param arguments without the first one, the queue
 * @param identity the table that it was made for, as the queue calls it
 * @param outdated the table has other columns than it was made for
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
  private static final int BEFORE = 2;
  private static final int INSERT = 4;
  private static final int DELETE = 8;
  private static final int UPDATE = 16;
  private static final int TRUNCATE = 32;

  boolean isNative() {
    return level != null;
  }

  /** Neither disabled nor for replicas only. */
  boolean fires() {
    return enabled.equals("O") || enabled.equals("A");
  }

  boolean seesTruncate() {
    return (type & TRUNCATE) != 0;
  }

  boolean seesRows() {
    return (type & (INSERT | DELETE | UPDATE)) != 0;
  }

  /** By the names that {@code londiste.create_trigger} gives; others belong to users. */
  boolean isMadeByUs() {
    return isNative() || name.startsWith("_londiste_") || name.startsWith("zzz__londiste_");
  }

  boolean namesKey() {
    return arguments.stream().anyMatch(argument -> argument.startsWith("pkey="));
  }

  /** What {@code londiste.create_trigger} has to be given to make triggers like this one. */
  List<String> wish() {
    List<String> wish = new ArrayList<>();
    if (!isNative()) {
      wish.add("tgflags=" + flags());
    }
    for (String argument : arguments) {
      if (argument.equals("SKIP")) {
        wish.add("skip");
      } else if (!argument.equals("deny")
          && !argument.equals("key")
          && !argument.startsWith("ev_extra1=")) {
        wish.add(argument);
      }
    }
    return wish;
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
