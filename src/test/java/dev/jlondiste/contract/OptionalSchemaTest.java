package dev.jlondiste.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;

/** Schemas pgq_ext and pgq_coop, which no package of the reference brings along. */
public abstract class OptionalSchemaTest extends ContractTest {
  @BeforeEach
  void requireOurs() {
    assumeTrue(
        installation().isOurs(),
        "skipped: the reference's packages contain neither pgq_ext nor pgq_coop");
  }

  /** The only value of a query. */
  protected @Nullable String value(String sql, @Nullable Object... parameters) {
    return db().value(sql, parameters);
  }

  /** The role may not call the function of the query. */
  protected void assertRefusedTo(String role, String sql) throws SQLException {
    try (Connection session = as(role)) {
      assertThat(failureOn(session, sql).state()).as("%s: %s", role, sql).isEqualTo("42501");
    }
  }

  /** The role may, though it has no rights on the tables behind it. */
  protected void assertOpenTo(String role, String sql) throws SQLException {
    try (Connection session = as(role);
        Statement statement = session.createStatement()) {
      statement.execute(sql);
    }
  }

  private Connection as(String role) throws SQLException {
    Connection session = db().connect();
    try (Statement statement = session.createStatement()) {
      statement.execute("set role " + role);
      return session;
    }
  }
}
