package dev.jlondiste.admin.schema;

import dev.jlondiste.db.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * A function of our database code that also works on the tables of the original. A database that
 * does not have it gets it in the temporary schema of the session, for one transaction.
 */
public final class TemporaryFunction {
  private final SqlSchema schema;
  private final String name;
  private final String argumentTypes;

  /**
   * @param argumentTypes as in the catalogs, such as {@code text,text}
   */
  public TemporaryFunction(SqlSchema schema, String name, String argumentTypes) {
    this.schema = schema;
    this.name = name;
    this.argumentTypes = argumentTypes;
  }

  public boolean isInstalled(Connection db) throws SQLException {
    return Sql.one(
        db,
        "select to_regprocedure(?) is not null",
        row -> row.getBoolean(1),
        signature(installed()));
  }

  /** Calls {@code body} with the name of the function, in the caller's transaction. */
  public <T> T use(Connection db, Call<T> body) throws SQLException {
    if (isInstalled(db)) {
      return body.call(installed());
    }
    String temporary = "pg_temp." + name;
    String path = schema.sqlName() + "/functions/" + name + ".sql";
    String text = SqlScript.load(path).text().replace(installed() + "(", temporary + "(");
    new SqlScript(List.of(new SqlScript.Part(path, text))).run(db);
    T result = body.call(temporary);
    Sql.run(db, "drop function " + signature(temporary));
    return result;
  }

  /** Work with a function. */
  @FunctionalInterface
  public interface Call<T> {
    T call(String qualifiedName) throws SQLException;
  }

  private String installed() {
    return schema.sqlName() + "." + name;
  }

  private String signature(String qualifiedName) {
    return qualifiedName + "(" + argumentTypes + ")";
  }
}
