package dev.jlondiste.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jlondiste.admin.schema.ExtensionFiles;
import dev.jlondiste.cluster.CommandLine;
import dev.jlondiste.cluster.CommandLine.Outcome;
import dev.jlondiste.cluster.Shop;
import dev.jlondiste.cluster.TestNode;
import dev.jlondiste.servers.OwnExtensions;
import dev.jlondiste.servers.TestDatabase;
import dev.jlondiste.servers.TestServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Our SQL as extensions of the server, for a database owner without superuser rights. */
@ParameterizedClass(name = "{0}")
@ValueSource(strings = {"9.6", "13", "18"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExtensionIT {
  private static final List<String> NAMES =
      List.of("pgq", "pgq_node", "londiste", "pgq_ext", "pgq_coop");

  @TempDir private static Path shared;

  @Parameter private String major = "";

  private @Nullable TestServer server;
  private @Nullable TestNode node;

  @BeforeParameterizedClassInvocation
  void startServer() throws IOException {
    Path files = shared.resolve(major + "-files");
    ExtensionFiles.write(files);
    server = OwnExtensions.start(major, files, shared.resolve(major));
  }

  @AfterParameterizedClassInvocation
  void stopServer() {
    Objects.requireNonNull(server).close();
  }

  @BeforeEach
  void createDatabase() {
    node = new TestNode("node", database(), shared);
  }

  @AfterEach
  void dropDatabase() {
    node().close();
  }

  private TestDatabase database() {
    return Objects.requireNonNull(server).createDatabaseOwnedBy("plain_owner");
  }

  private TestNode node() {
    return Objects.requireNonNull(node);
  }

  private static void create(TestDatabase db) {
    NAMES.forEach(name -> db.execute("create extension " + name));
  }

  @Test
  void extensions_are_what_scripts_install_and_leave_nothing() {
    TestDatabase db = node().database();
    Map<String, Long> before = Catalog.counts(db);
    create(db);
    List<@Nullable String> objects = Catalog.objects(db);
    assertThat(objects)
        .contains("member of pgq: table pgq.queue", "dumped with pgq: pgq.queue_queue_id_seq")
        .contains("dumped with londiste: londiste.table_info");

    try (TestDatabase plain = database()) {
      plain.load(Path.of("sql/install.sql"));
      plain.load(Path.of("sql/pgq_ext/install.sql"));
      plain.load(Path.of("sql/pgq_coop/install.sql"));
      assertThat(objects)
          .filteredOn(line -> !line.startsWith("member") && !line.startsWith("dumped"))
          .isEqualTo(Catalog.objects(plain));
    }
    db.execute("drop extension londiste");
    db.execute("drop extension pgq_node, pgq_coop, pgq, pgq_ext");
    assertThat(Catalog.counts(db)).isEqualTo(before);
  }

  @Test
  void queues_keep_their_extension_from_being_dropped() {
    TestDatabase db = node().database();
    db.execute("create extension pgq");
    db.execute("select pgq.create_queue('q')");
    assertThatThrownBy(() -> db.execute("drop extension pgq"))
        .hasMessageContaining("other objects depend on it");
    db.execute("select pgq.drop_queue('q')");
    db.execute("drop extension pgq");
  }

  @Test
  void commands_take_an_extension_for_installed() {
    TestDatabase db = node().database();
    Shop.create(db);
    db.execute("create extension pgq");
    node().createRoot();
    node().addTables(Shop.TABLES);
    assertThat(db.column("select extname from pg_extension order by 1"))
        .containsExactly("londiste", "pgq", "pgq_node", "plpgsql");
    assertThat(node().command("install").log()).contains("INFO pgq is installed\n");
    assertThat(node().command("upgrade").log())
        .contains("INFO londiste is an extension of release 1.1.0\n");

    Outcome uninstall = CommandLine.run(node(), "uninstall", "--force");
    assertThat(uninstall.code()).isEqualTo(1);
    assertThat(uninstall.log())
        .contains("installed as extensions: londiste, pgq_node, pgq\n")
        .contains("HINT:  drop extension londiste, pgq_node, pgq");
    db.execute("insert into journal (amount) values (1)");
    assertThat(db.count("pgq.event_template")).isPositive();
  }

  @Test
  void an_older_extension_is_updated_by_the_server_alone() {
    TestDatabase db = node().database();
    db.execute("create extension pgq");
    db.execute(
        "create or replace function pgq.jlondiste_release() returns text language sql immutable as"
            + " $$ select '1.0.9'::text $$");
    Outcome upgrade = CommandLine.run(node(), "upgrade");
    assertThat(upgrade.code()).isEqualTo(1);
    assertThat(upgrade.log())
        .contains("is an extension of release 1.0.9, but this program has release 1.1.0\n")
        .contains("alter extension pgq update");
  }

  @Test
  void an_installation_by_script_becomes_an_extension() {
    TestDatabase db = node().database();
    PreviousRelease.install(db);
    db.execute("select pgq.create_queue('q')");
    db.execute("select pgq.insert_event('q', 'type', 'kept')");
    assertThatThrownBy(() -> db.execute("create extension pgq"))
        .hasMessageContaining("schema pgq exists already and is not an extension");

    for (String name : List.of("pgq", "pgq_node", "londiste", "pgq_ext")) {
      db.execute("create extension " + name + " version 'unpackaged'");
      db.execute("alter extension " + name + " update");
    }
    db.execute("create extension pgq_coop");
    assertThat(db.column("select distinct extversion from pg_extension where extname <> 'plpgsql'"))
        .containsExactly("1.1.0");
    try (TestDatabase fresh = database()) {
      create(fresh);
      fresh.execute("select pgq.create_queue('q')");
      assertThat(Catalog.objects(db)).isEqualTo(Catalog.objects(fresh));
    }
    assertThat(db.column("select ev_data from pgq.event_template")).containsExactly("kept");
  }

  @Test
  void only_our_own_schemas_of_the_past_can_be_adopted() {
    TestDatabase db = node().database();
    assertThatThrownBy(() -> db.execute("create extension pgq version 'unpackaged'"))
        .hasMessageContaining("schema pgq does not exist and cannot be converted");
    db.execute("create schema pgq");
    assertThatThrownBy(() -> db.execute("create extension pgq version 'unpackaged'"))
        .hasMessageContaining("another program has installed schema pgq");
    db.execute("drop schema pgq");
    db.load(Path.of("sql/pgq/install.sql"));
    db.execute(
        "create or replace function pgq.jlondiste_release() returns text language sql immutable as"
            + " $$ select '1.10.0'::text $$");
    assertThatThrownBy(() -> db.execute("create extension pgq version 'unpackaged'"))
        .hasMessageContaining("schema pgq has release 1.10.0, newer than 1.1.0 of this extension");
  }
}
