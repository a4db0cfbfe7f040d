package dev.jlondiste.admin.takeover.clients;

import dev.jlondiste.admin.waiting.Deadline;
import dev.jlondiste.config.ConnectionString;
import dev.jlondiste.db.PgBouncerConsole;
import dev.jlondiste.fault.Hint;
import dev.jlondiste.fault.UserError;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds the clients of a PgBouncer with {@code PAUSE} and lets them continue at the new root with
 * {@code RESUME}. They notice nothing but a wait: {@code PAUSE} ends when no client has a server
 * connection, and then closes these connections. With {@code pool_mode = transaction} that is when
 * the running transactions have ended; with {@code pool_mode = session}, only when the clients have
 * disconnected.
 *
 * <p>PgBouncer keeps a database paused when the console disconnects, so a killed command leaves its
 * clients waiting. The repeated command releases them, because pausing a paused database succeeds
 * and {@link #opened} and {@link #reopened} always resume.
 */
final class PgBouncerSwitch implements ClientSwitch {
  private static final Logger log = LoggerFactory.getLogger(PgBouncerSwitch.class);

  /** Seconds. With less, clients could be disconnected during an ordinary pause. */
  private static final int MIN_QUERY_WAIT_TIMEOUT = 10;

  private final ConnectionString address;
  private final List<String> databases;
  private final Optional<PgBouncerIni> ini;
  private final ConnectionString newLocation;

  /** Kept from {@link #hold} on, so that the pause does not include a login. */
  private @Nullable PgBouncerConsole kept;

  PgBouncerSwitch(
      ConnectionString address,
      List<String> databases,
      Optional<Path> ini,
      ConnectionString newLocation) {
    this.address = address;
    this.databases = List.copyOf(databases);
    this.ini = ini.map(PgBouncerIni::new);
    this.newLocation = newLocation;
  }

  @Override
  public List<String> obstacles() {
    List<String> found = new ArrayList<>();
    ini.ifPresent(file -> found.addAll(file.obstacles(databases)));
    try (PgBouncerConsole console = PgBouncerConsole.open(address)) {
      if (ini.isPresent()) {
        PgBouncerTarget.of(newLocation);
      }
      for (String database : databases) {
        addObstacles(console, database, found);
      }
      String timeout = PgBouncer.setting(console, "query_wait_timeout");
      if (timeout.matches("[1-9]\\d*") && Integer.parseInt(timeout) < MIN_QUERY_WAIT_TIMEOUT) {
        found.add(
            name()
                + ": query_wait_timeout is "
                + timeout
                + " s, clients that wait longer are lost");
      }
    } catch (SQLException e) {
      found.add(name() + ": " + e.getMessage());
    } catch (UserError e) {
      found.add(e.text());
    }
    return found;
  }

  private void addObstacles(PgBouncerConsole console, String database, List<String> found)
      throws SQLException {
    Optional<Map<String, String>> row = PgBouncer.find(console, database);
    if (row.isEmpty()) {
      found.add(
          Hint.after(
              name() + ": there is no database '" + database + "'",
              "add an entry for it to section [databases]; SHOW DATABASES lists the entries"));
      return;
    }
    if (!"1".equals(row.get().get("paused"))) {
      addMissingRight(console, database, found);
    }
    long clients = PgBouncer.clientsInSessionMode(console, database);
    if (clients > 0) {
      found.add(sessionMode(database, clients));
    }
  }

  /** {@code RESUME} of a database that is not paused is refused for this reason, or for another. */
  private void addMissingRight(PgBouncerConsole console, String database, List<String> found) {
    try {
      console.run(PgBouncer.command("RESUME", database));
    } catch (SQLException e) {
      if (!String.valueOf(e.getMessage()).contains("not paused")) {
        found.add(
            Hint.after(
                name() + ": " + e.getMessage(), "connect as one of PgBouncer's admin_users"));
      }
    }
  }

  private String sessionMode(String database, long clients) {
    return Hint.after(
        "%s: database '%s' has %d client(s) with pool_mode = session; PAUSE would wait until they disconnect"
            .formatted(name(), database, clients),
        "set pool_mode = transaction if the applications allow it; otherwise use a host list and"
            + " --fence=database");
  }

  @Override
  public void hold(Deadline deadline) throws InterruptedException {
    try {
      PgBouncerConsole console = console();
      for (String database : databases) {
        pause(console, database, deadline);
      }
    } catch (SQLException e) {
      throw released(new UserError(name() + ": PAUSE failed: " + e.getMessage(), null, e));
    } catch (UserError e) {
      throw released(e);
    }
  }

  private void pause(PgBouncerConsole console, String database, Deadline deadline)
      throws SQLException, InterruptedException {
    try (PgBouncerConsole waiting = PgBouncerConsole.open(address)) {
      new ServerLogins(console, database).awaitNone(deadline);
      long start = System.nanoTime();
      if (waiting.run(PgBouncer.command("PAUSE", database), deadline.remaining())) {
        log.info(
            "{}: database '{}' paused after {} ms",
            name(),
            database,
            (System.nanoTime() - start) / 1_000_000);
        return;
      }
    }
    List<String> clients = PgBouncer.clientsOf(console, database);
    throw new UserError(
        name()
            + ": database '"
            + database
            + "' could not be paused in time, its clients are in transactions"
            + (clients.isEmpty() ? "" : ":\n  " + String.join("\n  ", clients)),
        "end these transactions, or allow a longer pause");
  }

  /** Releases the clients after a failure, and returns it. */
  private UserError released(UserError failure) throws InterruptedException {
    List<String> problems = resume();
    return problems.isEmpty()
        ? failure
        : new UserError(
            failure.problem() + "\n" + String.join("\n", problems), failure.hint(), failure);
  }

  @Override
  public void closed(Deadline deadline) {}

  @Override
  public List<String> opened() throws InterruptedException {
    List<String> problems = new ArrayList<>();
    checkConsole();
    try {
      if (ini.isPresent()) {
        direct(ini.get(), PgBouncerTarget.of(newLocation));
      }
    } catch (SQLException e) {
      problems.add(name() + ": " + e.getMessage());
    } catch (UserError e) {
      problems.add(e.text());
    }
    problems.addAll(resume());
    return problems;
  }

  /** PgBouncer accepts RELOAD of an invalid file, and logs the error. */
  private void direct(PgBouncerIni file, PgBouncerTarget target) throws SQLException {
    file.direct(databases, target);
    console().run("RELOAD");
    for (String database : databases) {
      Map<String, String> row = PgBouncer.find(console(), database).orElse(Map.of());
      if (!target.isIn(row)) {
        throw new UserError(
            "%s: database '%s' still connects to %s after RELOAD, not to %s"
                .formatted(name(), database, PgBouncerTarget.describe(row), target),
            "is --pgbouncer-ini the file that PgBouncer reads? Its log has errors of RELOAD");
      }
    }
    log.info("{}: {} now connects to {}", name(), String.join(", ", databases), target);
  }

  @Override
  public List<String> reopened() throws InterruptedException {
    checkConsole();
    return resume();
  }

  private List<String> resume() throws InterruptedException {
    List<String> problems = new ArrayList<>();
    for (String database : databases) {
      try {
        PgBouncer.resume(console(), database);
        log.info("{}: database '{}' resumed", name(), database);
      } catch (SQLException e) {
        problems.add(
            Hint.after(
                name() + ": database '" + database + "' could not be resumed: " + e.getMessage(),
                "in its admin console: " + PgBouncer.command("RESUME", database)));
      }
    }
    for (String database : databases) {
      checkLogin(database).ifPresent(problems::add);
    }
    closeConsole();
    return problems;
  }

  private Optional<String> checkLogin(String database) throws InterruptedException {
    try {
      return new ServerLogins(console(), database).begin()
          ? Optional.empty()
          : Optional.of(
              Hint.after(
                  name() + ": clients of database '" + database + "' wait for a server connection",
                  "PgBouncer's log has the reason"));
    } catch (SQLException e) {
      return Optional.of(name() + ": " + e.getMessage());
    }
  }

  private PgBouncerConsole console() throws SQLException {
    if (kept == null) {
      kept = PgBouncerConsole.open(address);
    }
    return kept;
  }

  /** Discards a kept console that has lost its connection. */
  private void checkConsole() {
    try {
      if (kept != null) {
        kept.show("VERSION");
      }
    } catch (SQLException e) {
      closeConsole();
    }
  }

  private void closeConsole() {
    if (kept != null) {
      kept.close();
      kept = null;
    }
  }

  private String name() {
    return "PgBouncer at %s:%s"
        .formatted(
            address.value("host").orElse("local socket"), address.value("port").orElse("5432"));
  }
}
