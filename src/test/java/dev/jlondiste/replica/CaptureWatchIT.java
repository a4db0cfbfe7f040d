package dev.jlondiste.replica;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.cluster.TestNode;
import dev.jlondiste.config.ConnectionString;
import dev.jlondiste.db.Database;
import dev.jlondiste.servers.Servers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** The root logs tables that changed since their triggers were created. */
class CaptureWatchIT {
  private static final Logger LOG = (Logger) LoggerFactory.getLogger(CaptureWatch.class);

  @TempDir private Path directory;
  private final ListAppender<ILoggingEvent> told = new ListAppender<>();
  private Instant now = Instant.EPOCH;
  private TestNode root;
  private TestNode leaf;

  @BeforeEach
  void two_nodes() {
    root = new TestNode("root", Servers.newest().createDatabase(), directory);
    leaf = new TestNode("leaf", Servers.newest().createDatabase(), directory);
    root.createRoot();
    leaf.createBelow(NodeType.LEAF, root);
    for (String table : List.of("a", "b")) {
      root.database().execute("create table " + table + " (id int primary key)");
      root.command("add-table", table);
    }
    told.start();
    LOG.addAppender(told);
  }

  @AfterEach
  void close() {
    LOG.detachAppender(told);
    leaf.close();
    root.close();
  }

  private CaptureWatch watch(TestNode node, Database database) {
    return new CaptureWatch(node::settings, database, () -> now);
  }

  private List<String> told() {
    List<String> texts = told.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    told.list.clear();
    return texts;
  }

  private static Database open(TestNode node) {
    return Database.direct(ConnectionString.parse(node.database().connectString()), "watch");
  }

  private static final String STALE =
      "testq: 1 table changed since the triggers were created: public.b; 'check' shows why, and how"
          + " to fix it";

  @Test
  void warns_once_an_hour_until_triggers_are_recreated() throws Exception {
    try (Database database = open(root)) {
      CaptureWatch watch = watch(root, database);
      watch.runOnce();
      assertThat(told()).isEmpty();
      root.database().execute("alter table b add t text");
      watch.runOnce();
      watch.runOnce();
      assertThat(told()).containsExactly(STALE);
      now = now.plus(Duration.ofHours(2));
      watch.runOnce();
      assertThat(told()).containsExactly(STALE);
      root.command("regenerate-triggers", "b");
      watch.runOnce();
      assertThat(told())
          .containsExactly(
              "testq: no longer: 1 table changed since the triggers were created: public.b");
      root.database().execute("alter table b add u text");
      watch.runOnce();
      assertThat(told()).as("stale again within the hour").containsExactly(STALE);
      assertThat(watch.pause()).isGreaterThanOrEqualTo(Duration.ofMinutes(5));
    }
  }

  @Test
  void reports_unreplicated_objects_when_they_change() throws Exception {
    try (Database database = open(root)) {
      CaptureWatch watch = watch(root, database);
      root.database().execute("create table c (id serial primary key); create table d (id int)");
      root.database().execute("create sequence s");
      watch.runOnce();
      assertThat(told())
          .containsExactly(
              "testq: 2 tables not replicated: public.c, public.d; 'check' shows why, and how to"
                  + " fix it",
              "testq: 1 sequence not replicated: public.s; 'check' shows why, and how to fix it");
      now = now.plus(Duration.ofHours(2));
      watch.runOnce();
      assertThat(told()).as("may well be meant").isEmpty();
      root.command("add-table", "c");
      watch.runOnce();
      assertThat(told())
          .containsExactly(
              "testq: 1 sequence not replicated: public.c_id_seq; 'check' shows why, and how to"
                  + " fix it",
              "testq: no longer: 1 table not replicated: public.c");
    }
  }

  @Test
  void a_leaf_has_no_capture_to_check() throws Exception {
    try (Database database = open(leaf)) {
      watch(leaf, database).runOnce();
      assertThat(told()).isEmpty();
    }
  }
}
