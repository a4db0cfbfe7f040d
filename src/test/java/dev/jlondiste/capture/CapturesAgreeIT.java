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
 * All kinds of capture produce events for the same table contents. Runs random statements on tables
 * captured natively (with the level of the table, and per row), by our {@code pgq.jsontriga}, and
 * by the C trigger of the original PgQ. Events whose order is defined are compared one by one.
 * {@code -Djlondiste.histories=N} runs more histories, {@code -Djlondiste.seed=S} other ones.
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
    database.execute(CapturedTable.REPLAY);
  }

  private static final class Tally {
    private int transactions;
    private int statementLevel;
    private int compared;
    private long events;

    @Override
    public String toString() {
      return "%d transactions, %d events of each table, %d tables at statement level, %d event lists compared"
          .formatted(transactions, events, statementLevel, compared);
    }
  }

  /** A table and its random transactions. */
  private static final class History {
    private final long seed;
    private final boolean wild;
    private final RandomTable table;
    private final List<RandomStatements.Transaction> transactions;

    History(long seed, int version) {
      this.seed = seed;
      // adjacent seeds would produce similar first values
      Random random = new Random(seed * 0x9E3779B97F4A7C15L);
      wild = random.nextBoolean();
      table = new RandomTable(random, version, wild);
      transactions = new RandomStatements(random, table, version, wild).write();
    }

    void play(TestDatabase ours, @Nullable TestDatabase reference, Tally tally)
        throws SQLException {
      List<CapturedTable> tables = new ArrayList<>();
      try {
        tables.add(new CapturedTable("auto", ours, table, "capture=auto"));
        tables.add(new CapturedTable("per_row", ours, table, "capture=row"));
        // these triggers refuse a changed key
        if (!wild) {
          tables.add(new CapturedTable("compatible", ours, table, "tgflags=J"));
          if (reference != null) {
            tables.add(new CapturedTable("reference", reference, table, "tgflags=J"));
          }
        }
        assertThat(tables.get(0).level())
            .as(this::toString)
            .isEqualTo(table.mustBeRow ? "row" : "statement");
        tally.statementLevel += table.mustBeRow ? 0 : 1;
        for (RandomStatements.Transaction transaction : transactions) {
          play(transaction, tables, tally);
        }
      } catch (SQLException e) {
        throw new AssertionError(e.getMessage() + "\n" + this, e);
      } finally {
        for (CapturedTable captured : tables) {
          captured.close();
        }
      }
    }

    private void play(
        RandomStatements.Transaction transaction, List<CapturedTable> tables, Tally tally)
        throws SQLException {
      tally.transactions++;
      List<String> outcomes = tables.get(0).play(transaction);
      String content = tables.get(0).original();
      for (CapturedTable captured : tables.subList(1, tables.size())) {
        assertThat(captured.play(transaction))
            .as(() -> describe(captured, transaction))
            .isEqualTo(outcomes);
        assertThat(captured.original())
            .as(() -> describe(captured, transaction))
            .isEqualTo(content);
      }
      List<String> rowByRow = tables.get(1).newEvents();
      tally.events += rowByRow.size();
      for (CapturedTable captured : tables) {
        boolean sameOrder =
            tables.indexOf(captured) > 1 || table.mustBeRow || (transaction.simple() && !wild);
        if (sameOrder) {
          tally.compared++;
          assertThat(captured.newEvents())
              .as(() -> describe(captured, transaction))
              .isEqualTo(rowByRow);
        }
        List<String> events = captured.newEvents();
        try {
          captured.replay();
        } catch (SQLException e) {
          throw new AssertionError(
              e.getMessage()
                  + "\n"
                  + describe(captured, transaction)
                  + "\n"
                  + String.join("\n", events),
              e);
        }
        assertThat(captured.copy())
            .as(() -> describe(captured, transaction) + "\n" + String.join("\n", events))
            .isEqualTo(content);
      }
    }

    private String describe(CapturedTable captured, RandomStatements.Transaction transaction) {
      return captured + " after " + transaction + "\n" + this;
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
