package dev.jlondiste.bench;

import dev.jlondiste.servers.TestDatabase;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The server's built-in logical replication. */
final class BuiltIn extends Contender {

  private @Nullable SlotReader reader;
  private boolean subscribed;

  BuiltIn(Stage stage) {
    super(stage);
  }

  private void publish(List<String> tables) {
    stage.source().execute("create publication bench for table " + String.join(", ", tables));
  }

  private void subscribe(TestDatabase target, boolean copy) {
    subscribed = true;
    target.execute(
        "create subscription %s connection '%s' publication bench with (copy_data = %s)"
            .formatted(target.name(), stage.source().connectString(), copy));
  }

  @Override
  void capture(List<String> tables) {
    publish(tables);
    try {
      reader = SlotReader.create(stage.source(), "discard_" + stage.source().name());
    } catch (SQLException e) {
      throw new IllegalStateException("cannot read a slot: " + e.getMessage(), e);
    }
  }

  @Override
  ChangeReader reader() {
    if (reader == null) {
      throw new IllegalStateException("capture first");
    }
    reader.start();
    return reader;
  }

  @Override
  void follow(List<String> tables, List<TestDatabase> targets) {
    publish(tables);
    targets.forEach(target -> subscribe(target, false));
    awaitAttached(targets.size());
  }

  private void awaitAttached(int count) {
    Probe.await(
        count + " subscriptions attached",
        stage.source(),
        "select count(*) = "
            + count
            + " from pg_replication_slots where active"
            + " and database = current_database()");
  }

  @Override
  void pause() {
    stage.targets().forEach(target -> alter(target, "disable"));
    awaitAttached(0);
  }

  @Override
  void resume() {
    stage.targets().forEach(target -> alter(target, "enable"));
  }

  private static void alter(TestDatabase target, String state) {
    target.execute("alter subscription " + target.name() + " " + state);
  }

  @Override
  void prepareCopy(CopyJob job) {
    stage.source().execute(job.index());
    stage.target().execute(job.create());
    stage.target().execute(job.index());
    publish(job.tables());
  }

  @Override
  void copy(CopyJob job) {
    subscribe(stage.target(), true);
    Probe.await(
        "all tables ready",
        stage.target(),
        "select count(*) = "
            + job.tables().size()
            + " from pg_subscription_rel join pg_subscription s on s.oid = srsubid"
            + " where srsubstate = 'r' and subname = current_database()");
  }

  @Override
  RootMover mover(TestDatabase first, TestDatabase second, Path directory, List<String> options) {
    return new HandMover(first, second);
  }

  /** Version 9.6 has no publications. */
  @Override
  String oldestForCutOver(String wanted) {
    return wanted.startsWith("9.") ? "10" : wanted;
  }

  /**
   * Drops the slots, which would prevent the source database from being dropped, and retain its
   * WAL.
   */
  @Override
  public void close() {
    if (reader != null) {
      reader.close();
    }
    if (subscribed) {
      stage.targets().forEach(BuiltIn::unsubscribe);
    }
    stage
        .source()
        .rows(
            """
            select pg_terminate_backend(active_pid) from pg_replication_slots
             where database = current_database() and active
            """);
    Probe.await(
        "slots free",
        stage.source(),
        "select count(*) = 0 from pg_replication_slots"
            + " where active and database = current_database()");
    stage
        .source()
        .rows(
            "select pg_drop_replication_slot(slot_name) from pg_replication_slots"
                + " where database = current_database()");
  }

  private static void unsubscribe(TestDatabase target) {
    if (target.count("pg_subscription where subname = current_database()") == 0) {
      return;
    }
    alter(target, "disable");
    alter(target, "set (slot_name = none)");
    target.execute("drop subscription " + target.name());
  }
}
