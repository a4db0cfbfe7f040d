package dev.jlondiste.admin.takeover.clients;

import dev.jlondiste.admin.waiting.Deadline;
import dev.jlondiste.admin.waiting.Wait;
import dev.jlondiste.db.PgBouncerConsole;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Prevents PgBouncer from keeping its clients waiting for {@code server_login_retry}, 15 seconds,
 * after a {@code RESUME}. PgBouncer counts a login to the server that a {@code PAUSE} interrupts as
 * a failed one, and tries no other for that long. So:
 *
 * <ol>
 *   <li>{@link #awaitNone} waits for a moment without a login, right before the {@code PAUSE}.
 *   <li>A login can still begin in between. If clients wait after the {@code RESUME} and no login
 *       is tried, {@link #begin} sets {@code server_login_retry} to 0 until one has succeeded. A
 *       command that is killed then leaves this value until the next {@code RELOAD}; with it
 *       PgBouncer only tries failed logins again without a pause.
 * </ol>
 *
 * <p>Used by one thread.
 */
final class ServerLogins {
  private static final Logger log = LoggerFactory.getLogger(ServerLogins.class);

  private static final String RETRY = "server_login_retry";
  private static final Duration POLL = Duration.ofMillis(5);
  private static final Duration MAX_WAIT_FOR_NONE = Duration.ofMillis(500);
  private static final Duration USUAL_LOGIN = Duration.ofMillis(100);
  private static final Duration MAX_LOGIN = Duration.ofSeconds(3);

  private final PgBouncerConsole console;
  private final String database;

  ServerLogins(PgBouncerConsole console, String database) {
    this.console = console;
    this.database = database;
  }

  /** Returns as soon as there is no login to the server, or after half a second. */
  void awaitNone(Deadline deadline) throws SQLException, InterruptedException {
    Duration limit = deadline.remaining();
    await(
        limit.compareTo(MAX_WAIT_FOR_NONE) < 0 ? limit : MAX_WAIT_FOR_NONE,
        () -> sum("sv_login") == 0);
  }

  /** Returns false if clients wait and PgBouncer has no connection to the server. */
  boolean begin() throws SQLException, InterruptedException {
    if (await(USUAL_LOGIN, this::isServed)) {
      return true;
    }
    String retry = PgBouncer.setting(console, RETRY);
    log.debug("database '{}': {} is 0 instead of {} for a moment", database, RETRY, retry);
    console.run("SET " + RETRY + " = '0'");
    try {
      return await(MAX_LOGIN, this::isServed);
    } finally {
      console.run("SET " + RETRY + " = '" + retry + "'");
    }
  }

  private boolean isServed() throws SQLException {
    List<Map<String, String>> pools = pools();
    return pools.stream()
        .allMatch(
            pool ->
                number(pool, "cl_waiting") == 0
                    || number(pool, "sv_active") + number(pool, "sv_idle") + number(pool, "sv_used")
                        > 0);
  }

  private long sum(String column) throws SQLException {
    return pools().stream().mapToLong(pool -> number(pool, column)).sum();
  }

  private List<Map<String, String>> pools() throws SQLException {
    return console.show("POOLS").stream()
        .filter(pool -> database.equals(pool.get("database")))
        .toList();
  }

  private static long number(Map<String, String> pool, String column) {
    return Long.parseLong(pool.getOrDefault(column, "0"));
  }

  private boolean await(Duration limit, Wait.Fact fact) throws SQLException, InterruptedException {
    return new Wait("logins of PgBouncer", List::of)
        .every(POLL)
        .atMost(Deadline.in(limit))
        .until(fact);
  }
}
