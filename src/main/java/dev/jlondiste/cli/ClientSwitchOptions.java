package dev.jlondiste.cli;

import dev.jlondiste.admin.takeover.clients.ClientOptions;
import dev.jlondiste.config.ConnectionString;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of takeover: how the applications get from the old root to the new one. */
final class ClientSwitchOptions {
  @Option(
      names = "--fence",
      paramLabel = "KIND",
      description =
          "database: make the database of the old root read-only and end the sessions of"
              + " applications there, so that clients with a host list move; triggers (default):"
              + " only replicated tables refuse writes")
  private @Nullable String fence;

  @Option(
      names = "--pgbouncer",
      paramLabel = "CONNSTR",
      description =
          "hold the clients of a PgBouncer during the pause; connect string of its admin console;"
              + " repeatable")
  private List<String> pgBouncers = new ArrayList<>();

  @Option(
      names = "--pgbouncer-database",
      paramLabel = "NAME",
      description = "database as the clients of PgBouncer name it; repeatable")
  private List<String> pgBouncerDatabases = new ArrayList<>();

  @Option(
      names = "--pgbouncer-ini",
      paramLabel = "FILE",
      description =
          "PgBouncer's configuration file: the entries of these databases are changed to the new"
              + " root, then RELOAD")
  private @Nullable Path pgBouncerIni;

  @Option(
      names = "--on-closed",
      paramLabel = "CMD",
      description =
          "shell command when the old root is closed and the new one not open yet; if it fails, the"
              + " old root is opened again")
  private @Nullable String onClosed;

  @Option(
      names = "--on-open",
      paramLabel = "CMD",
      description = "shell command when the new root is open")
  private @Nullable String onOpen;

  @Option(
      names = "--on-reopen",
      paramLabel = "CMD",
      description = "shell command when the old root is open again")
  private @Nullable String onReopen;

  /** True if the database is to be fenced, not only its replicated tables. */
  boolean fencesDatabase() {
    if (fence == null || fence.equals("triggers")) {
      return false;
    }
    if (fence.equals("database")) {
      return true;
    }
    throw new UsageError("--fence=" + fence + ": the kinds are triggers and database");
  }

  ClientOptions clients() {
    checkPgBouncer();
    return new ClientOptions(
        Optional.ofNullable(onClosed),
        Optional.ofNullable(onOpen),
        Optional.ofNullable(onReopen),
        pgBouncers.stream().map(ConnectionString::parse).toList(),
        pgBouncerDatabases,
        Optional.ofNullable(pgBouncerIni));
  }

  private void checkPgBouncer() {
    if (pgBouncers.isEmpty()) {
      if (!pgBouncerDatabases.isEmpty() || pgBouncerIni != null) {
        throw new UsageError("--pgbouncer-database and --pgbouncer-ini need --pgbouncer");
      }
      return;
    }
    if (pgBouncerDatabases.isEmpty()) {
      throw new UsageError("--pgbouncer needs --pgbouncer-database=NAME");
    }
    if (pgBouncerIni == null && onOpen == null) {
      throw new UsageError(
          "--pgbouncer needs --pgbouncer-ini=FILE, or --on-open=CMD with a command that directs"
              + " PgBouncer to the new root");
    }
    if (pgBouncerIni != null && pgBouncers.size() > 1) {
      throw new UsageError(
          "--pgbouncer-ini is the file of one PgBouncer; with several, use --on-open=CMD");
    }
  }
}
