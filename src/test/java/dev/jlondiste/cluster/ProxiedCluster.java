package dev.jlondiste.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.servers.CuttingProxy;
import dev.jlondiste.servers.Servers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Nodes whose locations lead through a {@link CuttingProxy}. Workers use it too, but only the
 * sessions of commands are cut: an {@link #operator}'s ini file gives them another application
 * name.
 */
final class ProxiedCluster implements AutoCloseable {
  private static final String APPLICATION = "killed_command";

  private final CuttingProxy proxy = new CuttingProxy(APPLICATION);
  private final Path directory;
  private final List<TestNode> nodes = new ArrayList<>();

  ProxiedCluster(Path directory) {
    this.directory = directory;
  }

  CuttingProxy proxy() {
    return proxy;
  }

  /** A database that is no node yet. */
  TestNode database(String name, String major, String... settings) {
    var database = Servers.shared(major).createDatabase();
    TestNode node =
        TestNode.through(proxy.connectString(database), name, database, directory, settings);
    nodes.add(node);
    return node;
  }

  TestNode root(String name, String major, String... settings) {
    TestNode node = database(name, major, settings);
    node.command("create-root", name, location(node));
    node.tickOften();
    return node;
  }

  TestNode below(TestNode provider, NodeType type, String name, String major, String... settings) {
    TestNode node = database(name, major, settings);
    createBelow(provider, type, node);
    return node;
  }

  void createBelow(TestNode provider, NodeType type, TestNode node) {
    node.command("create-" + type, node.name(), location(node), "--provider=" + location(provider));
  }

  String location(TestNode node) {
    return proxy.connectString(node.database());
  }

  /** The same node for commands that can be killed. It has an ini file of its own. */
  TestNode operator(TestNode node, String... settings) {
    List<String> all = new ArrayList<>(List.of(settings));
    all.add("remote_extra_connstr = application_name=" + APPLICATION);
    try {
      return TestNode.through(
          proxy.connectStringOfApplication(node.database()),
          node.name(),
          node.database(),
          Files.createDirectories(directory.resolve("operator")),
          all.toArray(String[]::new));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until the servers have noticed that the command is gone. */
  void awaitNoSessions() {
    await()
        .atMost(Duration.ofMinutes(1))
        .pollInterval(Duration.ofMillis(20))
        .untilAsserted(
            () -> {
              for (TestNode node : nodes) {
                if (node.database().isLost()) {
                  continue;
                }
                assertThat(
                        node.database()
                            .column(
                                "select query from pg_stat_activity where application_name = ?"
                                    + " and datname = current_database()",
                                APPLICATION))
                    .as("sessions of the killed command on %s", node.name())
                    .isEmpty();
              }
            });
  }

  @Override
  public void close() {
    nodes.forEach(TestNode::stop);
    nodes.forEach(TestNode::close);
    proxy.close();
  }
}
