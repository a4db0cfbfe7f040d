package dev.jlondiste.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.cascade.NodeType;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The conversion of a node is killed at its statements; the same command then completes it. */
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
  void the_same_command_completes_it() {
    try (ProxiedCluster cluster = new ProxiedCluster(directory)) {
      TestNode root = cluster.root("root", "13");
      TestNode leaf = cluster.below(root, NodeType.LEAF, "leaf", "18");
      TestNode below = cluster.database("below", "18");
      for (TestNode node : List.of(root, leaf, below)) {
        Shop.create(node.database());
      }
      Shop.fill(root.database(), 100);
      root.addTables(Shop.TABLES);
      leaf.addTables(Shop.TABLES);
      root.start();
      leaf.start();
      try (TestTicker ticker = new TestTicker(root.database());
          Load load = Load.on(root.database(), 1, 3)) {
        Eventually.inSync(leaf);
        kill(cluster, leaf, "branch", "leaf", "leaf false  deny");
        kill(cluster, leaf, "leaf", "branch", "branch false  native");
        cluster.createBelow(leaf, NodeType.LEAF, below);
        below.addTables(Shop.TABLES);
        below.start();
        Eventually.inSync(below);
        load.finish();
        Eventually.equal(root, leaf);
        Eventually.equal(root, below);
      }
    }
  }

  private static void kill(
      ProxiedCluster cluster, TestNode node, String from, String to, String state) {
    new KilledCommand(cluster, cluster.operator(node), "convert-node", "--to=" + to)
        .before(() -> node.command("convert-node", "--to=" + from))
        .afterwards(() -> assertThat(node.database().value(STATE)).isEqualTo(state))
        .run();
  }
}
