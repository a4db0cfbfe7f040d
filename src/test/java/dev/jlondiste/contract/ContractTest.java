package dev.jlondiste.contract;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jlondiste.servers.TestDatabase;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A test of one SQL function, on each {@link Installation}. All tests of a class share a database,
 * so each takes queues and tables of its own names. They also share a session; every call in it is
 * a transaction of its own, so ticks see what was done before.
 */
@ParameterizedClass(name = "{0}")
@EnumSource
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class ContractTest {
  /** A role of every server, with no rights on any queue. */
  protected static final String STRANGER = "pg_signal_backend";

  protected static final List<String> ADMINS = List.of("pgq_admin");
  protected static final List<String> READERS = List.of("pgq_admin", "pgq_reader");
  protected static final List<String> WRITERS = List.of("pgq_admin", "pgq_writer");
  protected static final List<String> MEMBERS = List.of("pgq_admin", "pgq_reader", "pgq_writer");
  protected static final List<String> EVERYBODY = List.of("public");

  @Parameter private @Nullable Installation parameter;

  private @Nullable TestDatabase database;
  private @Nullable Session session;

  protected Installation installation() {
    return Objects.requireNonNull(parameter);
  }

  protected TestDatabase db() {
    TestDatabase existing = database;
    if (existing == null) {
      existing = installation().createDatabase();
      database = existing;
    }
    return existing;
  }

  @AfterParameterizedClassInvocation
  void dropDatabase() {
    if (session != null) {
      session.close();
      session = null;
    }
    if (database != null) {
      installation().replace(database);
      database = null;
    }
  }

  /**
   * What came of a query.
   *
   * @param rows its values, as the server writes them
   * @param warnings texts of all notices and warnings, each after its severity: {@code "WARNING:
   *     batch 1 not found"}
   */
  public record Answer(List<List<@Nullable String>> rows, List<String> warnings) {}

  /**
   * An error of the server.
   *
   * @param state SQLSTATE
   */
  public record Failure(
      String state, String message, @Nullable String detail, @Nullable String hint) {}

  /** Kept for all tests of a class: connecting would be most of what a call costs. */
  protected Session session() {
    Session existing = session;
    if (existing == null) {
      existing = open();
      session = existing;
    }
    return existing;
  }

  /** A further session; the caller closes it. */
  protected Session open() {
    try {
      return new Session(db().connect());
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  // ---- what the session says

  /** Runs a query that may warn. */
  protected Answer ask(String sql, @Nullable Object... parameters) {
    return session().ask(sql, parameters);
  }

  protected List<List<@Nullable String>> rows(String sql, @Nullable Object... parameters) {
    return session().rows(sql, parameters);
  }

  /** The only row of a query. */
  protected List<@Nullable String> row(String sql, @Nullable Object... parameters) {
    return session().row(sql, parameters);
  }

  /** The first column of a query. */
  protected List<@Nullable String> column(String sql, @Nullable Object... parameters) {
    return session().column(sql, parameters);
  }

  /** The first value of a query's only row. */
  protected @Nullable String value(String sql, @Nullable Object... parameters) {
    return session().value(sql, parameters);
  }

  protected long number(String sql, @Nullable Object... parameters) {
    return session().number(sql, parameters);
  }

  /** Runs a query that has to fail; nothing of it stays. */
  protected Failure failure(String sql, @Nullable Object... parameters) {
    return session().failure(sql, parameters);
  }

  // ---- the function that the class is about

  /** Its name, with its schema. */
  protected String function() {
    return Objects.requireNonNull(getClass().getAnnotation(Contract.class)).value();
  }

  /** What callers can rely on, see {@link Catalog#declarations}. */
  protected List<@Nullable String> declarations() {
    return new Catalog(session()).declarations(function());
  }

  /** Which group roles may call it, or {@link #EVERYBODY}; see {@link Catalog#callers}. */
  protected List<@Nullable String> callers() {
    return new Catalog(session()).callers(function());
  }

  /** Skips the calling test on the original, which does not do what ours promises. */
  protected void assumeOurs(String reason) {
    assumeTrue(installation().isOurs(), reason);
  }

  /** Skips the calling test on servers that are older than a major, such as 13. */
  protected void assumeServerSince(int major, String reason) {
    assumeTrue(
        number("select current_setting('server_version_num')::int / 10000") >= major, reason);
  }
}
