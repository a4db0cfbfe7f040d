package dev.jlondiste.admin.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jlondiste.admin.tables.TableSource;
import dev.jlondiste.cascade.NodeFunctions;
import dev.jlondiste.cascade.NodeInfo;
import dev.jlondiste.cluster.TestNode;
import dev.jlondiste.config.ConnectionString;
import dev.jlondiste.db.Database;
import dev.jlondiste.db.TableName;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.servers.Servers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A comparison whose lock was lost must fail instead of reporting a result. */
class LockedTableIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private static final String HOLDERS =
      "pg_locks where relation = 't'::regclass and mode = 'ShareLock' and granted";

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {Servers.OLDEST, Servers.NEWEST})
  void a_lock_that_was_lost_is_noticed(String major) throws Exception {
    try (TestNode root = new TestNode("root", Servers.shared(major).createDatabase(), directory);
        Database database =
            Database.direct(ConnectionString.parse(root.database().connectString()), "compare")) {
      root.database().execute("create table t (id int primary key)");
      root.createRoot();
      NodeInfo node =
          database.call(db -> NodeFunctions.getNodeInfo(db, TestNode.QUEUE)).orElseThrow();
      PointWait limit = PointWait.of(TIMEOUT, false, List::of);
      TableSource source = new TableSource(node, database, List.of());
      assertThatThrownBy(
              () -> {
                try (LockedTable locked =
                    LockedTable.on(source, TableName.parse("t"), TestNode.QUEUE, TIMEOUT, limit)) {
                  assertThat(root.database().count(HOLDERS)).isEqualTo(1);
                  locked.requireHeld();
                  root.database()
                      .kill("pid = " + root.database().number("select pid from " + HOLDERS));
                  locked.requireHeld();
                }
              })
          .isInstanceOf(UserError.class)
          .hasMessageContaining("the lock of public.t on root was lost while the worker caught up");
    }
  }
}
