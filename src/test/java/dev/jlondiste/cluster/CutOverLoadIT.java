package dev.jlondiste.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import dev.jlondiste.servers.TestServer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the load of cut-overs measures, with a cut-over by hand. */
class CutOverLoadIT {
  private static final String[] SETTINGS = {"wal_level = logical", "max_replication_slots = 20"};

  @Test
  void an_exact_cut_over_is_recognized() {
    try (TestServer one = Servers.start("15", SETTINGS);
        TestServer two = Servers.start("18", SETTINGS);
        TestDatabase first = one.createDatabase();
        TestDatabase second = two.createDatabaseNamed(first.name())) {
      first.execute(CutOverLoad.SCHEMA);
      second.execute(CutOverLoad.SCHEMA);
      CutOverLoad.prepare(first, 4);
      try (CutOverByHand cutOver = new CutOverByHand(first, second);
          CutOverLoad load = CutOverLoad.start(hostList(first, second), 4, 200)) {
        load.awaitProgress();
        load.takePauses();
        for (int i = 0; i < 4; i++) {
          cutOver.run();
          load.awaitProgress();
          System.out.println("pauses " + load.takePauses());
        }
        load.close();
        await()
            .atMost(Duration.ofSeconds(30))
            .until(() -> cutOver.closed().count("ledger") == cutOver.open().count("ledger"));
        for (TestDatabase each : List.of(first, second)) {
          CutOverLoad.Result result = load.check(each);
          System.out.println(result);
          assertThat(result.isExact()).as("%s %s", result, load.lastErrors()).isTrue();
          assertThat(result.failed()).isPositive();
        }
      }
    }
  }

  private static List<String> hostList(TestDatabase one, TestDatabase other) {
    return List.of(
        "jdbc:postgresql://127.0.0.1:%d,127.0.0.1:%d/%s?user=postgres&targetServerType=primary&hostRecheckSeconds=0"
            .formatted(one.server().port(), other.server().port(), one.name()));
  }

  @Test
  void lost_doubled_and_repeated_values_are_counted() {
    try (TestDatabase database = Servers.newest().createDatabase()) {
      database.execute(CutOverLoad.SCHEMA);
      CutOverLoad.prepare(database, 2);
      try (CutOverLoad load = CutOverLoad.start(List.of(database.jdbcUrl()), 2, 200)) {
        load.awaitProgress();
        load.close();
        assertThat(load.check(database).isExact()).isTrue();
        database.execute(
            "delete from ledger where client = 0 and n = 0;"
                + "insert into ledger select 1, 1000000, max(number) from ledger;"
                + "update ledger_total set total = total + 1 where client = 1");
        CutOverLoad.Result result = load.check(database);
        assertThat(result.lost()).isEqualTo(1);
        assertThat(result.doubled()).isEqualTo(2); // the row, and one more in total than rows
        assertThat(result.numbersUsedTwice()).isEqualTo(1);
      }
    }
  }
}
