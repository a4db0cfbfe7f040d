package dev.jlondiste.admin.takeover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.admin.takeover.LongWriters.Writer;
import dev.jlondiste.cluster.TestNode;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which transactions are known to be long. */
class LongWritersIT {
  private static final Duration ANY = Duration.ZERO;

  @TempDir private Path directory;
  private TestNode root;
  private Connection writer;
  private Connection reader;

  @BeforeEach
  void a_writer() throws SQLException {
    root = new TestNode("root", Servers.shared("13").createDatabase(), directory);
    TestDatabase database = root.database();
    database.execute("create table t (id int primary key)");
    root.createRoot();
    root.addTables(List.of("public.t"));
    writer = database.connect();
    writer.setAutoCommit(false);
    run(writer, "insert into t values (1)");
    reader = database.connect();
  }

  @AfterEach
  void close() throws SQLException {
    reader.close();
    writer.close();
    root.close();
  }

  private static void run(Connection db, String sql) throws SQLException {
    try (Statement statement = db.createStatement()) {
      statement.execute(sql);
    }
  }

  @Test
  void as_old_as_asked_for() throws SQLException {
    assertThat(LongWriters.find(reader, TestNode.QUEUE, ANY))
        .extracting(Writer::text)
        .singleElement()
        .asString()
        .contains("insert into t values (1)");
    assertThat(LongWriters.find(reader, TestNode.QUEUE, Duration.ofHours(1))).isEmpty();
    writer.commit();
    assertThat(LongWriters.find(reader, TestNode.QUEUE, ANY)).isEmpty();
  }

  /** Applications with roles of their own write all the time. */
  @Test
  void one_whose_age_is_hidden_is_not_long() throws SQLException {
    String role = root.database().name() + "_reader";
    run(reader, "create role " + role);
    try {
      run(reader, "grant usage on schema pgq to " + role);
      run(reader, "grant select on pgq.queue to " + role);
      run(reader, "set role " + role);
      assertThat(LongWriters.find(reader, TestNode.QUEUE, ANY)).isEmpty();
    } finally {
      run(reader, "reset role");
      run(reader, "drop owned by " + role);
      run(reader, "drop role " + role);
    }
  }
}
