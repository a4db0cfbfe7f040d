package dev.jlondiste.differential;

import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PGInterval;

/**
 * Rows of one side as cells that can be compared with the other's. What is not named here is
 * compared as the server writes it.
 */
final class Reading {
  /** How long ago something was. */
  private static final Set<String> AGES = Set.of("lag", "last_seen", "ticker_lag");

  private static final Set<String> TRANSACTION_IDS =
      Set.of("ev_txid", "queue_switch_step1", "queue_switch_step2");

  /** Events by real time. */
  private static final Set<String> RATES = Set.of("ev_per_sec");

  /** Times further away are the sequence's own. */
  private static final Duration NOW = Duration.ofDays(1000);

  private final Transactions transactions;

  Reading(Transactions transactions) {
    this.transactions = transactions;
  }

  Answer read(ResultSet result, List<String> warnings) throws SQLException {
    ResultSetMetaData meta = result.getMetaData();
    List<String> columns = new ArrayList<>();
    for (int i = 1; i <= meta.getColumnCount(); i++) {
      columns.add(meta.getColumnLabel(i));
    }
    List<List<Cell>> rows = new ArrayList<>();
    while (result.next()) {
      List<Cell> row = new ArrayList<>();
      for (int i = 1; i <= columns.size(); i++) {
        row.add(cell(columns.get(i - 1), meta.getColumnTypeName(i), result, i));
      }
      rows.add(row);
    }
    return new Answer(columns, rows, warnings, null);
  }

  private Cell cell(String column, String type, ResultSet result, int index) throws SQLException {
    String text = result.getString(index);
    if (text == null) {
      return Cell.exact(null);
    } else if (TRANSACTION_IDS.contains(column)) {
      return Cell.exact(transactions.name(text));
    } else if (type.equals("txid_snapshot")) {
      return Cell.exact(transactions.snapshot(text));
    } else if (RATES.contains(column)) {
      return Cell.exact(Double.parseDouble(text) == 0 ? "no rate" : "a rate");
    } else if (type.equals("interval") && AGES.contains(column)) {
      return Cell.clock(seconds(text));
    } else if (type.equals("timestamptz")) {
      return moment(text, result.getObject(index, OffsetDateTime.class));
    }
    return Cell.exact(text);
  }

  private static Cell moment(String text, @Nullable OffsetDateTime moment) {
    if (moment == null) {
      return Cell.exact(text);
    }
    OffsetDateTime now = OffsetDateTime.now(ZoneOffset.UTC);
    if (moment.isBefore(now.minus(NOW)) || moment.isAfter(now.plus(NOW))) {
      return Cell.exact(text);
    }
    return Cell.clock(Duration.between(now, moment).toMillis() / 1000.0);
  }

  private static double seconds(String text) throws SQLException {
    PGInterval age = new PGInterval(text);
    return (age.getYears() * 12 + age.getMonths()) * 30 * 86400.0
        + age.getDays() * 86400.0
        + age.getHours() * 3600.0
        + age.getMinutes() * 60.0
        + age.getSeconds();
  }
}
