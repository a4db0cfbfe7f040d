package dev.jlondiste.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.servers.Servers;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** No superuser on either side: the roles own their databases and may do nothing else. */
class PlainOwnerIT {
  @TempDir private Path directory;

  @ParameterizedTest(name = "from {0} to {1}")
  @CsvSource({"9.6, 18", "18, 9.6"})
  void replicates_and_keeps_the_leaf_from_being_written(String source, String target)
      throws Exception {
    try (TestNode root =
            new TestNode(
                "root", Servers.shared(source).createDatabaseOwnedBy("plain_owner"), directory);
        TestNode leaf =
            new TestNode(
                "leaf", Servers.shared(target).createDatabaseOwnedBy("plain_owner"), directory)) {
      Shop.create(root.database());
      Shop.fill(root.database(), 200);
      Shop.create(leaf.database());
      leaf.database()
          .execute(
              """
              create function bang() returns trigger language plpgsql as
                $$ begin raise exception 'copied rows fired a trigger'; end $$;
              create trigger bang before insert on journal for each row execute procedure bang();
              """);
      root.database().execute("insert into journal (amount) values (1), (2)");
      root.createRoot();
      root.addTables(Shop.TABLES);
      try (TestTicker ticker = new TestTicker(root.database())) {
        leaf.createBelow(NodeType.LEAF, root);
        leaf.addTables(Shop.TABLES);
        root.start();
        leaf.start();
        Eventually.inSync(leaf);
        leaf.database().execute("drop trigger bang on journal");
        try (Load load = Load.on(root.database(), 1, 7)) {
          org.awaitility.Awaitility.await().until(() -> load.committed() > 100);
        }
        Eventually.equal(root, leaf);
        assertThat(leaf.database().count("customers")).isEqualTo(200);
        assertThatThrownBy(() -> leaf.database().execute("delete from orders"))
            .hasMessageContaining("change not allowed (DELETE)");
      }
    }
  }
}
