package dev.jlondiste.cascade;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.jlondiste.cluster.TestNode;
import dev.jlondiste.config.NodeSettings;
import dev.jlondiste.db.Database;
import dev.jlondiste.db.SqlWork;
import dev.jlondiste.loop.RetryPolicy;
import dev.jlondiste.metrics.Meters;
import dev.jlondiste.servers.Servers;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** The length of a failing worker's pause and the events that end it. */
class WorkerFaultsIT {
  private final SQLException failure = new SQLException("ERROR: no such column", "42703");

  @TempDir private Path directory;
  private TestNode root;
  private TestNode leaf;
  private Database local;
  private RetryPolicy faults;

  @BeforeEach
  void fail() throws SQLException {
    root = new TestNode("root", Servers.newest().createDatabase(), directory);
    leaf =
        new TestNode(
            "leaf",
            Servers.newest().createDatabase(),
            directory,
            "exception_sleep = 20",
            "exception_quiet = UniqueViolation");
    root.createRoot();
    leaf.createBelow(NodeType.LEAF, root);
    NodeSettings settings = leaf.settings();
    local = Database.direct(settings.db(), "test");
    change(db -> NodeFunctions.setConsumerUptodate(db, TestNode.QUEUE, "leaf", true));
    CascadedWorker worker =
        new CascadedWorker(
            () -> settings,
            local,
            local,
            new RemoteNodes("", "test", 1, Duration.ZERO),
            new NoEvents(),
            new Meters(),
            Clock.systemUTC());
    faults = WorkerFaults.policy(() -> settings, local, worker, new Meters(), Clock.systemUTC());
  }

  @AfterEach
  void drop() {
    local.close();
    leaf.close();
    root.close();
  }

  private <T> void change(SqlWork<T> work) throws SQLException {
    local.call(work);
  }

  @Test
  void pauses_grow_up_to_exception_sleep() {
    for (long seconds : List.of(1L, 2L, 4L, 8L, 16L, 20L, 20L)) {
      assertPauseIsUpToAFifthBelow(seconds);
    }
    faults.onSuccess();
    assertPauseIsUpToAFifthBelow(1);
  }

  private void assertPauseIsUpToAFifthBelow(long seconds) {
    assertThat(faults.onFailure(failure).pause().toMillis())
        .isBetween(seconds * 800, seconds * 1000);
  }

  @Test
  void failures_named_in_exception_quiet_are_warnings() {
    Logger logger = (Logger) LoggerFactory.getLogger(WorkerFaults.class);
    ListAppender<ILoggingEvent> told = new ListAppender<>();
    told.start();
    logger.addAppender(told);
    try {
      faults.onFailure(new SQLException("ERROR: duplicate key", "23505"));
      faults.onFailure(failure);
    } finally {
      logger.detachAppender(told);
    }
    assertThat(told.list)
        .filteredOn(line -> line.getLevel().isGreaterOrEqual(Level.WARN))
        .extracting(ILoggingEvent::getLevel)
        .containsExactly(Level.WARN, Level.ERROR);
  }

  @Test
  void a_change_of_the_worker_by_an_operator_ends_the_pause() throws SQLException {
    String queue = TestNode.QUEUE;
    List<SqlWork<?>> deeds =
        List.of(
            db -> FailingWorker.retryNow(db, queue, "leaf"),
            db -> NodeFunctions.setConsumerPaused(db, queue, "leaf", true),
            db -> NodeFunctions.setConsumerPaused(db, queue, "leaf", false),
            db -> NodeFunctions.setConsumerError(db, queue, "leaf", null),
            db -> NodeFunctions.setConsumerCompleted(db, queue, "leaf", 4711));
    for (SqlWork<?> deed : deeds) {
      faults.onFailure(failure);
      assertThat(faults.isPauseOver()).isFalse();
      change(deed);
      assertThat(faults.isPauseOver()).isTrue();
      change(db -> NodeFunctions.setConsumerUptodate(db, queue, "leaf", true));
    }
  }

  /**
   * The worker has not confirmed a resume yet; it must not retry without a pause for that reason.
   */
  @Test
  void a_state_from_before_the_failure_does_not_end_the_pause() throws SQLException {
    change(db -> NodeFunctions.setConsumerUptodate(db, TestNode.QUEUE, "leaf", false));
    faults.onFailure(failure);
    assertThat(faults.isPauseOver()).isFalse();
  }

  @Test
  void an_unreachable_database_does_not_end_the_pause() throws SQLException {
    faults.onFailure(failure);
    local.run(db -> db.createStatement().execute("drop schema pgq_node cascade"));
    assertThat(faults.isPauseOver()).isFalse();
    faults.onFailure(failure);
    assertThat(faults.isPauseOver()).isFalse();
  }
}
