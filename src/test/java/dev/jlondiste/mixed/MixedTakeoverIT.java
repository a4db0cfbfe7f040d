package dev.jlondiste.mixed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.cluster.CommandLine;
import dev.jlondiste.cluster.CommandLine.Outcome;
import dev.jlondiste.cluster.Eventually;
import dev.jlondiste.cluster.Shop;
import dev.jlondiste.cluster.TestTicker;
import dev.jlondiste.servers.Reference;
import dev.jlondiste.servers.WholeMatrix;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Our takeover, where one of the nodes is served by the database code or the worker of Londiste.
 * The root moves there and back; {@code -Djlondiste.takeovers=5} for more times.
 */
class MixedTakeoverIT {
  private static final int TIMES = Integer.getInteger("jlondiste.takeovers", 2);

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private Path directory;

  @BeforeAll
  static void assumeReference() {
    Reference.assumeInstalled();
  }

  @ParameterizedTest
  @CsvSource({"REFERENCE, OURS", "OURS, OUR_CODE_ONLY"})
  @WholeMatrix({"OUR_PROGRAMS_ONLY, OURS"})
  void the_root_moves_there_and_back(Make first, Make second) throws Exception {
    try (MixedCluster cluster = new MixedCluster(directory)) {
      MixedNode one = cluster.node("one", first, "9.6");
      MixedNode two = cluster.node("two", second, "17");
      Shop.fill(one.database(), 50);
      one.createRoot();
      try (TestTicker ticker = new TestTicker(one.database());
          TestTicker next = new TestTicker(two.database())) {
        one.start();
        two.createBelow(NodeType.BRANCH, one);
        two.start();
        one.addTables(Shop.TABLES);
        one.command("add-seq", "--all");
        two.addTables(Shop.TABLES);
        two.command("add-seq", "--all");
        Eventually.inSync(two.node());
        Eventually.hasForeignKeys(one.node(), two.node());
        for (int i = 0; i < TIMES; i++) {
          two.command(Maker.OURS, "takeover", "one");
          write(two);
          one.command(Maker.OURS, "takeover", "two");
          write(one);
        }
        Eventually.equal(one.node(), two.node());
        assertThat(one.database().column("select n from journal order by n"))
            .hasToString(IntStream.rangeClosed(1, 2 * TIMES).boxed().toList().toString());
      }
    }
  }

  /** The SQL of PgQ would accept its event after the last tick. */
  @Test
  void a_snapshot_that_is_older_than_the_closing_is_awaited() throws Exception {
    try (MixedCluster cluster = new MixedCluster(directory)) {
      MixedNode one = cluster.node("one", Make.OUR_PROGRAMS_ONLY, "13");
      MixedNode two = cluster.node("two", Make.OURS, "17");
      one.createRoot();
      try (TestTicker ticker = new TestTicker(one.database());
          TestTicker next = new TestTicker(two.database());
          Connection application = one.database().connect()) {
        one.start();
        two.createBelow(NodeType.BRANCH, one);
        two.start();
        one.addTables(Shop.TABLES);
        one.command("add-seq", "--all");
        two.addTables(Shop.TABLES);
        two.command("add-seq", "--all");
        Eventually.inSync(two.node());
        Eventually.hasForeignKeys(one.node(), two.node());
        application.setAutoCommit(false);
        application.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        try (Statement statement = application.createStatement()) {
          statement.execute("select count(*) from journal");
          Outcome late =
              CommandLine.run(two.node(), "takeover", "one", "--max-pause=1s", "--retries=0");
          assertThat(late.code()).as(late.log()).isEqualTo(4);
          assertThat(late.log())
              .contains(
                  "transactions with older snapshots could still write:",
                  ": select count(*) from journal");
          statement.execute("insert into journal (amount) values (7)");
          application.commit();
        }
        two.command(Maker.OURS, "takeover", "one");
        write(two);
        assertThat(two.database().column("select amount from journal order by n"))
            .containsExactly("7", "1");
      }
    }
  }

  private static void write(MixedNode node) {
    node.database().execute("insert into journal (amount) values (1)");
  }
}
