package dev.jlondiste.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.servers.Reference;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import dev.jlondiste.servers.TestServer;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * However a table is captured, its events make the same table: random statements on a table
 * captured natively, as its level allows and per row, by our {@code pgq.jsontriga}, and by the
 * reference's C trigger; what comes in the same order by design is compared event by event. More
 * with {@code -Djlondiste.histories=N}, others with {@code -Djlondiste.seed=S}.
 */
class CapturesAgreeIT {
  private static final Logger log = LoggerFactory.getLogger(CapturesAgreeIT.class);
  private static final int HISTORIES = Integer.getInteger("jlondiste.histories", 15);
  private static final long SEED = Long.getLong("jlondiste.seed", 1);

  @ParameterizedTest
  @ValueSource(strings = {"9.6", "13", "18", "reference"})
  void events_make_the_table(String where) throws SQLException {
    boolean beside = where.equals("reference");
    TestServer server = beside ? Reference.server() : Servers.shared(where);
    int version = version(beside ? Reference.major() : where);
    try (TestDatabase ours = server.createDatabase();
        @Nullable TestDatabase reference = beside ? Reference.createDatabase() : null) {
      ours.load(Path.of("sql/install.sql"));
      prepare(ours);
      if (reference != null) {
        prepare(reference);
      }
      Tally tally = new Tally();
      for (long seed = SEED; seed < SEED + HISTORIES; seed++) {
        new History(seed, version).play(ours, reference, tally);
      }
      log.info("{}: {} histories from seed {}: {}", where, HISTORIES, SEED, tally);
      assertThat(tally.events).isGreaterThan(5L * HISTORIES);
    }
  }

  private static int version(String major) {
    return Integer.parseInt(major.replaceFirst("\\..*", ""));
  }

  private static void prepare(TestDatabase database) {
    database.value("select pgq.create_queue('q')");
    database.execute(RandomTable.TYPES_OF_ITS_OWN);
    database.execute(Way.REPLAY);
  }

  private static final class Tally {
    private int transactions;
    private int statementLevel;
    private int compared;
    private long events;

    @Override
    public String toString() {
      return "%d transactions, %d events of each way, %d tables at statement level, %d event lists compared"
          .formatted(transactions, events, statementLevel, compared);
    }
  }

  /** One table and what happens to it. */
  private static final class History {
    private final long seed;
    private final boolean wild;
    private final RandomTable table;
    private final List<RandomStatements.Transaction> transactions;

    History(long seed, int version) {
      this.seed = seed;
      // neighbouring seeds would begin alike
      Random random = new Random(seed * 0x9E3779B97F4A7C15L);
      wild = random.nextBoolean();
      table = new RandomTable(random, version, wild);
      transactions = new RandomStatements(random, table, version, wild).write();
    }

    void play(TestDatabase ours, @Nullable TestDatabase reference, Tally tally)
        throws SQLException {
      List<Way> ways = new ArrayList<>();
      try {
        ways.add(new Way("auto", ours, table, "capture=auto"));
        ways.add(new Way("per_row", ours, table, "capture=row"));
        // these refuse a changed key
        if (!wild) {
          ways.add(new Way("compatible", ours, table, "tgflags=J"));
          if (reference != null) {
            ways.add(new Way("reference", reference, table, "tgflags=J"));
          }
        }
        assertThat(ways.get(0).level())
            .as(this::toString)
            .isEqualTo(table.mustBeRow ? "row" : "statement");
        tally.statementLevel += table.mustBeRow ? 0 : 1;
        for (RandomStatements.Transaction transaction : transactions) {
          play(transaction, ways, tally);
        }
      } catch (SQLException e) {
        throw new AssertionError(e.getMessage() + "\n" + this, e);
      } finally {
        for (Way way : ways) {
          way.close();
        }
      }
    }

    private void play(RandomStatements.Transaction transaction, List<Way> ways, Tally tally)
        throws SQLException {
      tally.transactions++;
      List<String> outcomes = ways.get(0).play(transaction);
      String content = ways.get(0).original();
      for (Way way : ways.subList(1, ways.size())) {
        assertThat(way.play(transaction)).as(() -> told(way, transaction)).isEqualTo(outcomes);
        assertThat(way.original()).as(() -> told(way, transaction)).isEqualTo(content);
      }
      List<String> rowByRow = ways.get(1).newEvents();
      tally.events += rowByRow.size();
      for (Way way : ways) {
        boolean sameOrder =
            ways.indexOf(way) > 1 || table.mustBeRow || (transaction.simple() && !wild);
        if (sameOrder) {
          tally.compared++;
          assertThat(way.newEvents()).as(() -> told(way, transaction)).isEqualTo(rowByRow);
        }
        List<String> events = way.newEvents();
        try {
          way.replay();
        } catch (SQLException e) {
          throw new AssertionError(
              e.getMessage() + "\n" + told(way, transaction) + "\n" + String.join("\n", events), e);
        }
        assertThat(way.copy())
            .as(() -> told(way, transaction) + "\n" + String.join("\n", events))
            .isEqualTo(content);
      }
    }

    private String told(Way way, RandomStatements.Transaction transaction) {
      return way + " after " + transaction + "\n" + this;
    }

    @Override
    public String toString() {
      StringBuilder text = new StringBuilder("seed " + seed + (wild ? ", wild" : "") + "\n");
      table.ddl().forEach(sql -> text.append(sql).append(";\n"));
      transactions.forEach(transaction -> text.append(transaction).append('\n'));
      return text.toString();
    }
  }
}
