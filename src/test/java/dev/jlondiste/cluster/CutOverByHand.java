package dev.jlondiste.cluster;

import static org.awaitility.Awaitility.await;

import dev.jlondiste.servers.TestDatabase;
import java.time.Duration;
import java.util.Objects;

/**
 * A cut-over by hand with the server's logical replication, from version 10 on: writers are stopped
 * by a read-only default and the end of their sessions, the subscriber reads the rest, sequences
 * are set, the direction is turned round. Both servers need {@code wal_level = logical}.
 */
public final class CutOverByHand implements AutoCloseable {
  private static final String PUBLICATION = "by_hand";

  private TestDatabase open;
  private TestDatabase closed;

  /** Both databases have the tables; {@code closed} has no rows yet. */
  public CutOverByHand(TestDatabase open, TestDatabase closed) {
    this.open = open;
    this.closed = closed;
    for (TestDatabase each : new TestDatabase[] {open, closed}) {
      each.execute(
          "create publication "
              + PUBLICATION
              + " for table "
              + String.join(", ", CutOverLoad.TABLES));
    }
    readOnly(closed);
    subscribe(closed, open, true);
    awaitSubscription();
  }

  private static void readOnly(TestDatabase database) {
    database.execute(
        "alter database " + database.name() + " set default_transaction_read_only = on");
  }

  private static String subscription(TestDatabase database) {
    return database.name() + "_" + database.server().major();
  }

  /** Replication begins with the current rows, or with the next change. */
  private static void subscribe(TestDatabase to, TestDatabase from, boolean copy) {
    to.executeEach(
        "set default_transaction_read_only = off",
        "create subscription %s connection '%s options=-cdefault_transaction_read_only=off' publication %s with (copy_data = %s)"
            .formatted(subscription(to), from.connectString(), PUBLICATION, copy));
  }

  private void awaitSubscription() {
    await()
        .atMost(Duration.ofMinutes(1))
        .until(
            () ->
                closed.number("select count(*) from pg_subscription_rel where srsubstate = 'r'")
                    == CutOverLoad.TABLES.size());
  }

  /** Moves the writers to the other database. */
  public void run() {
    TestDatabase from = open;
    TestDatabase to = closed;
    readOnly(from);
    from.rows(
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()"
            + " and backend_type = 'client backend' and pid <> pg_backend_pid()");
    String end = Objects.requireNonNull(from.value("select pg_current_wal_lsn()"));
    await()
        .pollInterval(Duration.ofMillis(2))
        .atMost(Duration.ofMinutes(1))
        .until(
            () ->
                from.number(
                        "select count(*) from pg_replication_slots where slot_name = ? and"
                            + " confirmed_flush_lsn >= ?::pg_lsn",
                        subscription(to),
                        end)
                    == 1);
    long number = from.number("select last_value from ledger_number");
    to.executeEach(
        "set default_transaction_read_only = off",
        "select setval('ledger_number', " + number + ")",
        "alter subscription " + subscription(to) + " disable");
    subscribe(from, to, false);
    to.executeEach(
        "set default_transaction_read_only = off",
        "alter database " + to.name() + " reset default_transaction_read_only");
    open = to;
    closed = from;
    to.executeEach(
        "set default_transaction_read_only = off", "drop subscription " + subscription(to));
  }

  @Override
  public void close() {
    closed.executeEach(
        "set default_transaction_read_only = off", "drop subscription " + subscription(closed));
  }

  public TestDatabase open() {
    return open;
  }

  public TestDatabase closed() {
    return closed;
  }
}
