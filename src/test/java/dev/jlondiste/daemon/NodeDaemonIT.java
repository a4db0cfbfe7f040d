package dev.jlondiste.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.cluster.TestNode;
import dev.jlondiste.db.Database;
import dev.jlondiste.servers.Servers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeDaemonIT {
  @TempDir private Path directory;

  /** Without a resize the copies would wait for connections that the pools never open. */
  @Test
  void a_reload_of_parallel_copies_changes_the_pools() throws SQLException, IOException {
    try (TestNode node =
        new TestNode("node", Servers.newest().createDatabase(), directory, "parallel_copies = 1")) {
      NodeDaemon daemon = new NodeDaemon(node.settings(), node::settings);
      try {
        Database remote = daemon.wiring().remote().at(node.database().connectString());
        int before = NodeWiring.poolSize(node.settings());
        String ini = Files.readString(node.ini());
        Files.writeString(node.ini(), ini.replace("parallel_copies = 1", "parallel_copies = 2"));
        daemon.reload();
        int after = NodeWiring.poolSize(node.settings());
        assertThat(after).isGreaterThan(before);
        openAtOnce(daemon.wiring().local(), after);
        openAtOnce(remote, after);
      } finally {
        daemon.close();
      }
    }
  }

  @Test
  void an_unreadable_file_does_not_change_the_pools() throws SQLException, IOException {
    try (TestNode node = new TestNode("node", Servers.newest().createDatabase(), directory)) {
      NodeDaemon daemon = new NodeDaemon(node.settings(), node::settings);
      try {
        Files.writeString(node.ini(), "[londiste]\nparallel_copies = none\n");
        daemon.reload();
        openAtOnce(daemon.wiring().local(), 1);
      } finally {
        daemon.close();
      }
    }
  }

  /** A pool that is too small fails after its connection timeout. */
  private static void openAtOnce(Database database, int connections) throws SQLException {
    List<Connection> open = new ArrayList<>();
    try {
      for (int i = 0; i < connections; i++) {
        open.add(database.open());
      }
      assertThat(open).hasSize(connections).doesNotHaveDuplicates();
    } finally {
      for (Connection connection : open) {
        connection.close();
      }
    }
  }
}
