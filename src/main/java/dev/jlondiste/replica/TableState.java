package dev.jlondiste.replica;

import org.jspecify.annotations.Nullable;

/**
 * The progress of a table from its registration to being in sync: {@code
 * londiste.table_info.merge_state}.
 *
 * @param tick the tick of {@code wanna-sync} and {@code do-sync}; 0 in the other states
 */
public record TableState(Phase phase, long tick) {
  /** The phases in the order in which a table passes through them. */
  public enum Phase {
    /** Waits for a copy slot; NULL in the database. */
    MISSING,
    IN_COPY,
    /** Copied; the copy worker applies the events since the copy. */
    CATCHING_UP,
    /** The copy worker has completed the tick and asks the main worker to complete it, too. */
    WANNA_SYNC,
    /** The main worker has completed the tick and waits for the copy worker. */
    DO_SYNC,
    /** The main worker applies the table's events. */
    OK
  }

  public static final TableState MISSING = new TableState(Phase.MISSING, 0);
  public static final TableState IN_COPY = new TableState(Phase.IN_COPY, 0);
  public static final TableState CATCHING_UP = new TableState(Phase.CATCHING_UP, 0);
  public static final TableState OK = new TableState(Phase.OK, 0);

  public static TableState wannaSync(long tick) {
    return new TableState(Phase.WANNA_SYNC, tick);
  }

  public static TableState doSync(long tick) {
    return new TableState(Phase.DO_SYNC, tick);
  }

  /** Parses a stored state; {@code text} is null for a table that waits for its copy. */
  public static TableState parse(@Nullable String text) {
    if (text == null) {
      return MISSING;
    }
    int colon = text.indexOf(':');
    String name = colon < 0 ? text : text.substring(0, colon);
    return switch (name) {
      case "in-copy" -> IN_COPY;
      case "catching-up" -> CATCHING_UP;
      case "wanna-sync" -> wannaSync(Long.parseLong(text.substring(colon + 1)));
      case "do-sync" -> doSync(Long.parseLong(text.substring(colon + 1)));
      case "ok", "?" -> OK; // very old versions wrote '?'
      default -> throw new IllegalArgumentException("unknown table state '" + text + "'");
    };
  }

  /** Returns the stored form; null for a table that waits for its copy. */
  public @Nullable String sqlText() {
    return switch (phase) {
      case MISSING -> null;
      case IN_COPY -> "in-copy";
      case CATCHING_UP -> "catching-up";
      case WANNA_SYNC -> "wanna-sync:" + tick;
      case DO_SYNC -> "do-sync:" + tick;
      case OK -> "ok";
    };
  }

  public boolean isOk() {
    return phase == Phase.OK;
  }

  /** True from the start of the copy until the table is handed over. */
  public boolean isCopying() {
    return phase != Phase.MISSING && phase != Phase.OK;
  }

  @Override
  public String toString() {
    return String.valueOf(sqlText());
  }
}
