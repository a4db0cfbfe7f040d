package dev.jlondiste.demo;

import dev.jlondiste.db.Database;
import dev.jlondiste.db.Sql;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A sample database: tables with foreign keys, sequences, and values of many types. */
final class SampleShop {
  static final String DATABASE = "shop";
  private static final int ROWS_PER_ORDER = 5;
  private static final List<String> TABLES =
      List.of("customers", "products", "orders", "order_lines", "payments", "stock_movements");

  private SampleShop() {}

  static void createTables(Database shop) throws SQLException {
    run(shop, resource("shop-schema.sql"));
  }

  /** Inserts about {@code rows} rows, in all tables together. */
  static void fill(Database shop, int rows) throws SQLException {
    int orders = Math.max(1, rows / ROWS_PER_ORDER);
    run(shop, resource("shop-rows.sql").replace("${orders}", Integer.toString(orders)));
    try (Connection db = shop.open()) {
      db.setAutoCommit(true);
      Sql.run(db, "analyze"); // the progress of the copy is based on the server's estimates
    }
  }

  /** The number of rows of each table, by full name. */
  static Map<String, Long> count(Database shop) throws SQLException {
    return shop.call(
        db -> {
          Map<String, Long> rows = new TreeMap<>();
          for (String table : TABLES) {
            rows.put(
                "public." + table,
                Sql.one(db, "select count(*) from public." + table, row -> row.getLong(1)));
          }
          return rows;
        });
  }

  private static void run(Database shop, String script) throws SQLException {
    shop.run(
        db -> {
          try (Statement statement = db.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(script);
          }
        });
  }

  private static String resource(String name) {
    try (InputStream in = SampleShop.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("missing from this build: " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
