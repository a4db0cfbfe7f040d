package dev.jlondiste.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.cluster.CommandLine;
import dev.jlondiste.cluster.CommandLine.Outcome;
import dev.jlondiste.cluster.TestNode;
import dev.jlondiste.servers.Reference;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What install, upgrade and uninstall refuse or avoid. */
class DatabaseCodeIT {
  @TempDir private Path directory;
  private TestNode node;

  @BeforeEach
  void createDatabase() {
    node = new TestNode("node", Servers.oldest().createDatabase(), directory);
  }

  @AfterEach
  void dropDatabase() {
    node.close();
  }

  @Test
  void schemas_are_installed_with_what_they_need() {
    node.command("install", "pgq_ext");
    assertThat(schemas()).containsExactly("pgq_ext");
    assertThat(node.command("upgrade").log())
        .contains("INFO pgq_ext: found release 1.1.0, now 1.1.0\n");
    node.command("install", "pgq_coop");
    assertThat(schemas()).containsExactly("pgq", "pgq_coop", "pgq_ext");

    Outcome unknown = CommandLine.run(node, "install", "pgq_foo");
    assertThat(unknown.code()).isEqualTo(1);
    assertThat(unknown.log())
        .contains("ERROR cannot install \"pgq_foo\"")
        .contains("HINT:  possible schemas: pgq, pgq_node, londiste, pgq_ext, pgq_coop");
  }

  private List<@Nullable String> schemas() {
    return node.database()
        .column("select nspname from pg_namespace where nspname ~ '^(pgq|londiste)' order by 1");
  }

  @Test
  void a_newer_release_is_left_alone() {
    node.command("install");
    setRelease("99.0.0");
    List<@Nullable String> before = Catalog.objects(node.database());

    Outcome upgrade = CommandLine.run(node, "upgrade");
    assertThat(upgrade.code()).isEqualTo(1);
    assertThat(upgrade.log())
        .contains("ERROR schema londiste in ")
        .contains(" has release 99.0.0, but this program has release 1.1.0\n")
        .contains("HINT:  nothing was changed; run this command with the newer program");
    assertThat(Catalog.objects(node.database())).isEqualTo(before);
    assertThat(node.command("install").log())
        .contains(
            "WARNING londiste has release 99.0.0, but this program has release 1.1.0; run"
                + " 'upgrade'\n");
  }

  private void setRelease(String release) {
    node.database()
        .execute(
            "create or replace function londiste.jlondiste_release() returns text language sql"
                + " immutable as $$ select '"
                + release
                + "'::text $$");
  }

  @Test
  void an_upgrade_does_not_wait_for_long_transactions() throws Exception {
    TestDatabase db = node.database();
    node.command("install");
    db.execute("alter table pgq.queue drop column queue_extra_maint");
    db.execute("select pgq.create_queue('q')");
    try (Connection reader = db.connect();
        Statement statement = reader.createStatement()) {
      reader.setAutoCommit(false);
      statement.execute("select * from pgq.queue");
      Outcome upgrade = CommandLine.run(node, "upgrade");
      assertThat(upgrade.code()).isEqualTo(1);
      assertThat(upgrade.log())
          .containsPattern(
              "ERROR one of \\d+ tables could not be locked within 10 s; in the way:\n  pid \\d+, user"
                  + " postgres, .*select \\* from pgq.queue\nHINT:  nothing was changed; wait until"
                  + " these transactions end, or end them ");
    }
    node.command("upgrade");
    assertThat(db.column("select queue_extra_maint from pgq.queue")).hasSize(1);
  }

  @Test
  void a_node_unsubscribes_from_its_provider_before_it_is_removed() {
    try (TestNode leaf = new TestNode("leaf", Servers.newest().createDatabase(), directory)) {
      node.createRoot();
      leaf.createBelow(NodeType.LEAF, node);
      assertThat(CommandLine.run(node, "uninstall").log())
          .contains("queues of this database still have consumers: leaf");
      assertThat(CommandLine.run(leaf, "uninstall").log())
          .contains("providers still keep events for the node here: leaf of queue testq (");
      leaf.database()
          .execute(
              "insert into londiste.pending_fkeys values ('public.a', 'public.b', 'a_fk', 'alter"
                  + " table ...')");
      leaf.command("drop-node", "leaf");
      assertThat(CommandLine.run(leaf, "uninstall").log())
          .contains("foreign keys that a copy has dropped are not restored: a_fk of public.a (");
      leaf.database().execute("delete from londiste.pending_fkeys");
      leaf.command("uninstall");
      node.command("uninstall");
      assertThat(schemas()).isEmpty();
    }
  }

  @Test
  void the_extensions_of_londiste_are_left_alone() {
    try (TestDatabase database = Reference.createDatabase()) {
      TestNode other = new TestNode("reference", database, directory);
      List<@Nullable String> before = Catalog.objects(database);
      assertThat(CommandLine.run(other, "upgrade").log())
          .contains(" was not installed by jlondiste\n");
      assertThat(CommandLine.run(other, "uninstall", "--force").log())
          .contains("installed as extensions: londiste, pgq_node, pgq\n")
          .contains("HINT:  drop extension londiste, pgq_node, pgq\n");
      assertThatThrownBy(() -> database.load(Path.of("sql/uninstall.sql")))
          .hasMessageContaining("installed as extensions: londiste, pgq_node, pgq");
      assertThatThrownBy(() -> database.load(Path.of("sql/install.sql")))
          .hasMessageContaining("schema pgq belongs to another extension");
      assertThat(other.command("install").log()).contains("INFO londiste is installed\n");
      assertThat(Catalog.objects(database)).isEqualTo(before);

      other.command("install", "pgq_ext");
      assertThat(other.command("uninstall").log())
          .contains("INFO Removing pgq_ext\n")
          .contains("WARNING pgq is kept: it is an extension\n");
      assertThat(Catalog.objects(database)).isEqualTo(before);
    }
  }

  @Test
  void schemas_of_other_origin_are_left_alone() {
    TestDatabase db = node.database();
    db.execute("create schema pgq");
    db.execute(
        "create function pgq.version() returns text language sql as $$ select '3.5'::text $$");
    assertThat(CommandLine.run(node, "upgrade").log())
        .contains(" was not installed by jlondiste\n");
    assertThat(CommandLine.run(node, "uninstall", "--force").log())
        .contains("schemas that jlondiste has not installed: pgq\n");
    assertThat(CommandLine.run(node, "install").log())
        .contains(
            "schema pgq was not installed by jlondiste, but extension 'pgq_node' is not available");
    assertThat(db.value("select pgq.version()")).isEqualTo("3.5");
  }
}
