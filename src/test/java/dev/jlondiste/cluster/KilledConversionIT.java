package dev.jlondiste.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.servers.MortalProxy;
import dev.jlondiste.servers.Servers;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The conversion of a node is killed at its requests to the node's database, before or after the
 * server has received them. The same command then completes it.
 *
 * <p>{@code -Djlondiste.kill.step=1} for every request; by default a part of them.
 */
class KilledConversionIT {
  private static final String STATE =
      """
      select n.node_type || ' ' || s.paused || ' ' || coalesce(n.node_attrs, '') || ' '
             || (select string_agg(distinct
                          case when p.proname like '\\_native\\_%' then 'native'
                               when position('deny' in encode(g.tgargs, 'escape')) > 0 then 'deny'
                               else 'compatible' end, ' ')
                   from pg_trigger g join pg_proc p on p.oid = g.tgfoid
                  where not g.tgisinternal and g.tgname like '\\_londiste\\_testq%')
        from pgq_node.node_info n join pgq_node.local_state s using (queue_name)
      """;

  @TempDir private Path directory;

  @Test
  void the_same_command_completes_it() throws Exception {
    try (TestNode root = new TestNode("root", Servers.shared("13").createDatabase(), directory);
        TestNode leaf = new TestNode("leaf", Servers.newest().createDatabase(), directory);
        TestNode below = new TestNode("below", Servers.newest().createDatabase(), directory);
        TestTicker ticker = new TestTicker(root.database())) {
      root.createRoot();
      leaf.createBelow(NodeType.LEAF, root);
      for (TestNode node : List.of(root, leaf, below)) {
        Shop.create(node.database());
      }
      Shop.fill(root.database(), 100);
      root.addTables(Shop.TABLES);
      leaf.addTables(Shop.TABLES);
      root.start();
      leaf.start();
      Eventually.inSync(leaf);
      try (Load load = Load.on(root.database(), 1, 3)) {
        int step = Integer.getInteger("jlondiste.kill.step", 23);
        int killed = 0;
        boolean isDone = false;
        for (int request = 1; !isDone; request += step) {
          isDone = true;
          for (boolean delivered : new boolean[] {false, true}) {
            isDone &= !killedAt(leaf, "branch", request, delivered);
            complete(leaf, "branch", "branch false  native");
            isDone &= !killedAt(leaf, "leaf", request, delivered);
            complete(leaf, "leaf", "leaf false  deny");
            killed += isDone ? 0 : 2;
          }
        }
        System.out.println("KilledConversionIT: " + killed + " commands killed");
        killedAt(leaf, "branch", 20, true);
        complete(leaf, "branch", "branch false  native");
        below.createBelow(NodeType.LEAF, leaf);
        below.addTables(Shop.TABLES);
        below.start();
        Eventually.inSync(below);
        load.finish();
      }
      Eventually.equal(root, leaf);
      Eventually.equal(root, below);
    }
  }

  /** False if the command ended before it made so many requests. */
  private boolean killedAt(TestNode leaf, String type, int request, boolean delivered)
      throws Exception {
    String direct = leaf.database().connectString();
    int port = Integer.parseInt(direct.replaceAll("(?s).*port=(\\d+).*", "$1"));
    try (MortalProxy proxy = new MortalProxy(port, request, delivered)) {
      TestNode through =
          TestNode.through(
              direct
                  .replaceAll("host=\\S+", "host=127.0.0.1")
                  .replace("" + port, "" + proxy.port()),
              "killed",
              leaf.database(),
              directory);
      int code = CommandLine.run(through, "convert-node", "--to=" + type).code();
      assertThat(proxy.isDead()).isEqualTo(code != 0);
      return proxy.isDead();
    }
  }

  private static void complete(TestNode leaf, String type, String state) {
    leaf.command("convert-node", "--to=" + type);
    assertThat(leaf.database().value(STATE)).isEqualTo(state);
  }
}
