package dev.jlondiste.cluster;

import static org.awaitility.Awaitility.await;

import dev.jlondiste.servers.TestDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Clients that write at a fixed rate while their database is moved from one server to another and
 * back. They measure their own pauses, and keep a ledger of what was acknowledged, with which
 * {@link #check} compares the databases. Each transaction inserts a row of its own, with a value of
 * a sequence, and counts it in another table.
 */
public final class CutOverLoad implements AutoCloseable {
  /** The tables and the sequence of the load, to be created on both sides. */
  public static final String SCHEMA =
      """
      create table ledger (client int, n int, number bigint not null, primary key (client, n));
      create table ledger_total (client int primary key, total int not null);
      create sequence ledger_number;
      """;

  public static final List<String> TABLES = List.of("public.ledger", "public.ledger_total");
  public static final String SEQUENCE = "public.ledger_number";

  private static final String WRITE =
      """
      with counted as (update ledger_total set total = total + 1 where client = ? returning 1)
      insert into ledger select ?, ?, nextval('ledger_number') from counted
      """;
  private static final long RETRY_NANOS = 10_000_000;

  private final List<String> urls;
  private final List<Client> clients = new ArrayList<>();
  private volatile boolean stop;

  private CutOverLoad(List<String> urls) {
    this.urls = List.copyOf(urls);
  }

  /**
   * The result of the load.
   *
   * @param acknowledged transactions whose commit succeeded
   * @param failed transactions that ended with an error, and whose client tried again
   * @param lost acknowledged transactions that a database does not have
   * @param doubled transactions that were applied twice, or although they had been refused
   * @param numbersUsedTwice values of the sequence that two rows have
   */
  public record Result(
      long acknowledged, long failed, long lost, long doubled, long numbersUsedTwice) {
    public boolean isExact() {
      return lost == 0 && doubled == 0 && numbersUsedTwice == 0;
    }
  }

  /** The rows of {@link #SCHEMA}; called once, on the first root. */
  public static void prepare(TestDatabase root, int clients) {
    root.execute(
        "insert into ledger_total select i, 0 from generate_series(0, " + (clients - 1) + ") i");
  }

  /**
   * Starts the clients.
   *
   * @param urls for the JDBC driver; after an error a client connects to the next one
   * @param perSecond transactions of all clients together
   */
  public static CutOverLoad start(List<String> urls, int clients, int perSecond) {
    CutOverLoad load = new CutOverLoad(urls);
    long interval = Duration.ofSeconds(1).toNanos() * clients / perSecond;
    for (int i = 0; i < clients; i++) {
      Client client = load.new Client(i, interval);
      load.clients.add(client);
      client.thread.start();
    }
    return load;
  }

  private final class Client {
    private final int number;
    private final long interval;
    private final Thread thread;
    private final BitSet acknowledged = new BitSet();
    private final BitSet uncertain = new BitSet();
    private long failed;
    private int address;
    private @Nullable Connection connection;
    private volatile long lastSuccess;
    private volatile long longestGap;
    private String lastError = "";

    Client(int number, long interval) {
      this.number = number;
      this.interval = interval;
      this.thread = new Thread(this::run, "client " + number);
      this.thread.setDaemon(true);
    }

    private void run() {
      long due = System.nanoTime() + interval * number / Math.max(1, clients.size());
      for (int n = 0; !stop; n++) {
        LockSupport.parkNanos(due - System.nanoTime());
        write(n);
        due = Math.max(due + interval, System.nanoTime());
      }
      disconnect();
    }

    private void write(int n) {
      boolean isCommitting = false;
      try {
        Connection db = connected();
        try (PreparedStatement statement = db.prepareStatement(WRITE)) {
          statement.setInt(1, number);
          statement.setInt(2, number);
          statement.setInt(3, n);
          if (statement.executeUpdate() != 1) {
            throw new SQLException("no row for the client");
          }
        }
        isCommitting = true;
        db.commit();
        succeeded(n);
      } catch (SQLException e) {
        failed(n, isCommitting, e);
      }
    }

    private Connection connected() throws SQLException {
      if (connection == null) {
        connection = DriverManager.getConnection(urls.get(address % urls.size()));
        connection.setAutoCommit(false);
      }
      return connection;
    }

    private synchronized void succeeded(int n) {
      long now = System.nanoTime();
      if (lastSuccess != 0) {
        longestGap = Math.max(longestGap, now - lastSuccess);
      }
      lastSuccess = now;
      acknowledged.set(n);
    }

    private synchronized void failed(int n, boolean isCommitting, SQLException e) {
      if (connection != null) {
        failed++;
      }
      if (isCommitting) {
        uncertain.set(n);
      }
      lastError = e.getSQLState() + " " + e.getMessage();
      disconnect();
      address++;
      LockSupport.parkNanos(RETRY_NANOS);
    }

    private void disconnect() {
      try {
        if (connection != null) {
          connection.close();
        }
      } catch (SQLException ignored) {
        // The server rolls back.
      }
      connection = null;
    }

    private synchronized BitSet acknowledgedNow() {
      return (BitSet) acknowledged.clone();
    }

    private synchronized double takeLongestGap() {
      double gap = longestGap / 1e6;
      longestGap = 0;
      return gap;
    }
  }

  /** The time of the last success of the client that has waited longest. */
  private long oldestSuccess() {
    return clients.stream().mapToLong(client -> client.lastSuccess).min().orElse(0);
  }

  /** Waits until every client has written once more. */
  public void awaitProgress() {
    long now = System.nanoTime();
    await()
        .atMost(Duration.ofMinutes(1))
        .pollInterval(Duration.ofMillis(5))
        .until(() -> oldestSuccess() - now > 0);
  }

  /**
   * The longest pause of each client since the last call, in milliseconds: from one success to the
   * next.
   */
  public List<Double> takePauses() {
    return clients.stream().map(Client::takeLongestGap).toList();
  }

  /** The last error of each client. */
  public List<String> lastErrors() {
    return clients.stream().map(client -> client.lastError).toList();
  }

  /**
   * The number of transactions that were acknowledged before this call and that a root does not
   * have. The clients go on.
   */
  public long countLost(TestDatabase root) {
    List<BitSet> acknowledged = clients.stream().map(Client::acknowledgedNow).toList();
    Set<Long> rows = rows(root);
    long lost = 0;
    for (int i = 0; i < acknowledged.size(); i++) {
      long base = base(i);
      lost += acknowledged.get(i).stream().filter(n -> !rows.contains(base + n)).count();
    }
    return lost;
  }

  private static long base(int client) {
    return client * 1_000_000_000L;
  }

  private static Set<Long> rows(TestDatabase database) {
    Set<Long> rows = new HashSet<>();
    database
        .column("select client * 1000000000::bigint + n from ledger")
        .forEach(row -> rows.add(Long.parseLong(String.valueOf(row))));
    return rows;
  }

  /** Ends the clients, and compares a database that has received everything with the ledger. */
  public Result check(TestDatabase database) {
    close();
    Set<Long> rows = rows(database);
    long acknowledged = 0;
    long lost = 0;
    long known = 0;
    for (Client client : clients) {
      long base = base(client.number);
      acknowledged += client.acknowledged.cardinality();
      lost += client.acknowledged.stream().filter(n -> !rows.contains(base + n)).count();
      BitSet possible = (BitSet) client.acknowledged.clone();
      possible.or(client.uncertain);
      known += possible.stream().filter(n -> rows.contains(base + n)).count();
    }
    long doubled = rows.size() - known;
    doubled += Math.abs(database.number("select sum(total) from ledger_total") - rows.size());
    return new Result(
        acknowledged,
        clients.stream().mapToLong(client -> client.failed).sum(),
        lost,
        doubled,
        database.number("select count(*) - count(distinct number) from ledger"));
  }

  @Override
  public void close() {
    stop = true;
    for (Client client : clients) {
      try {
        client.thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
