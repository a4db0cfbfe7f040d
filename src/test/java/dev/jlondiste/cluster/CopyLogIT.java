package dev.jlondiste.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.servers.Servers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies of several tables write to one log: each line has its table. */
class CopyLogIT {
  @TempDir private Path directory;

  @Test
  void every_line_of_a_copy_names_its_table() throws Exception {
    try (TestNode root = new TestNode("root", Servers.shared("14").createDatabase(), directory);
        TestNode leaf =
            new TestNode(
                "leaf",
                Servers.shared("14").createDatabase(),
                directory,
                "threaded_copy_tables = public.t",
                "threaded_copy_pool_size = 2")) {
      for (String table : List.of("t", "u")) {
        String ddl = "create table %1$s (id int, v text); create index %1$s_v on %1$s (v);";
        root.database()
            .execute(ddl.formatted(table) + "alter table " + table + " add primary key (id)");
        leaf.database()
            .execute(ddl.formatted(table) + "alter table " + table + " add primary key (id)");
      }
      root.database().execute("insert into t select i, 'v' || i from generate_series(1, 50000) i");
      root.createRoot();
      root.addTables(List.of("t", "u"));
      try (TestTicker ticker = new TestTicker(root.database())) {
        leaf.createBelow(NodeType.LEAF, root);
        leaf.addTables(List.of("t", "u"));
        leaf.start();
        Eventually.inSync(leaf);
        leaf.stop();
      }
      String log = Files.readString(leaf.ini().resolveSibling("leaf.log"));
      assertThat(log.substring(log.indexOf("INFO Table added: public.u")).lines().skip(1).toList())
          .filteredOn(line -> !line.matches(".* INFO (Consumer uptodate = 1|\\{.*\\})"))
          .allMatch(line -> line.matches(".*public\\.[tu]\\b.*"));
      for (String table : List.of("public.t: ", "public.u: ")) {
        assertThat(log)
            .contains(" INFO " + table + "Launching copy process\n")
            .contains(" INFO " + table + "Using 'root' as source node\n")
            .contains(" INFO " + table + "Registering consumer on source queue\n")
            .contains(" INFO " + table + "Unregistering consumer from source queue\n");
      }
      assertThat(log)
          .contains(" INFO public.t: Creating t_v\n", " INFO public.u: Dropping u_v\n")
          .contains(" INFO Starting full copy of public.t\n")
          .contains(" INFO Table public.t status changed to 'ok'\n");
    }
  }
}
