package dev.jlondiste.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.cluster.CommandLine;
import dev.jlondiste.cluster.CommandLine.Outcome;
import dev.jlondiste.cluster.Shop;
import dev.jlondiste.cluster.TestNode;
import dev.jlondiste.servers.Matrix;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Our SQL comes, is upgraded and goes, on every server, with and without a superuser. */
@ParameterizedClass(name = "{0} as {1}")
@MethodSource("everywhere")
class InstallationIT {
  @Parameter(0)
  private String major = "";

  @Parameter(1)
  private String role = "";

  @TempDir private Path directory;
  private TestNode node;

  static Stream<Arguments> everywhere() {
    return Matrix.majors().stream()
        .flatMap(
            major -> Stream.of("postgres", "plain_owner").map(role -> Arguments.of(major, role)));
  }

  @BeforeEach
  void createDatabase() {
    node = new TestNode("node", database(), directory);
  }

  @AfterEach
  void dropDatabase() {
    node.close();
  }

  private TestDatabase database() {
    return Servers.shared(major).createDatabaseOwnedBy(role);
  }

  @Test
  void uninstalling_leaves_nothing_and_installing_works_again() {
    TestDatabase db = node.database();
    Shop.create(db);
    Map<String, Long> before = Catalog.counts(db);

    installAll(node);
    List<@Nullable String> installed = Catalog.objects(db);
    installAll(node);
    assertThat(Catalog.objects(db)).isEqualTo(installed);
    db.load(Path.of("sql/install.sql"));
    db.load(Path.of("sql/pgq_ext/install.sql"));
    db.load(Path.of("sql/pgq_coop/install.sql"));
    assertThat(Catalog.objects(db)).isEqualTo(installed);

    node.createRoot();
    node.addTables(Shop.TABLES);
    Shop.fill(db, 10);
    db.execute("select pgq.force_tick('testq'); select pgq.ticker()");
    assertThat(db.count("pgq.event_template")).isPositive();
    node.command("uninstall");
    assertThat(Catalog.counts(db)).isEqualTo(before);

    db.execute("insert into journal (amount) values (1); delete from orders; truncate journal");
    assertThat(node.command("uninstall").log()).contains("INFO nothing to uninstall in ");
    db.load(Path.of("sql/uninstall.sql"));
    installAll(node);
    assertThat(Catalog.objects(db)).isEqualTo(installed);
    db.load(Path.of("sql/uninstall.sql"));
    assertThat(Catalog.counts(db)).isEqualTo(before);
  }

  @Test
  void the_release_before_becomes_like_a_fresh_installation() {
    TestDatabase db = node.database();
    PreviousRelease.install(db);
    use(db);
    String open = db.value("select sub_batch from pgq.subscription where sub_batch is not null");

    assertThat(node.command("upgrade").log())
        .contains("INFO pgq: found release 1.0.0, now 1.1.0\n")
        .contains("INFO pgq_ext: found release 1.0.0, now 1.1.0\n")
        .doesNotContain("pgq_coop");

    try (TestDatabase fresh = database()) {
      TestNode other = new TestNode("other", fresh, directory);
      other.command("install");
      other.command("install", "pgq_ext");
      use(fresh);
      assertThat(Catalog.objects(db)).isEqualTo(Catalog.objects(fresh));
    }
    assertThat(db.value("select pgq.next_batch('q', 'reader')")).isEqualTo(open);
    assertThat(db.column("select ev_data from pgq.get_batch_events(?)", Integer.valueOf(open)))
        .containsExactly("kept");
    assertThat(db.value("select pgq_ext.get_last_tick('writer')")).isEqualTo("7");

    List<@Nullable String> upgraded = Catalog.objects(db);
    assertThat(node.command("upgrade").log())
        .contains("INFO londiste: found release 1.1.0, now 1.1.0\n");
    assertThat(Catalog.objects(db)).isEqualTo(upgraded);
  }

  @Test
  void uninstalling_is_refused_while_consumers_exist_unless_forced() {
    TestDatabase db = node.database();
    Map<String, Long> before = Catalog.counts(db);
    installAll(node);
    use(db);
    db.execute("create schema report; create view report.readers as select * from pgq.consumer");

    Outcome refused = CommandLine.run(node, "uninstall");
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.log())
        .contains("queues of this database still have consumers: reader (")
        .contains("consumers store their position here: writer (")
        .contains("other objects depend on these schemas: rule _RETURN on view report.readers")
        .contains("HINT:  to remove everything anyway: ");
    assertThat(db.value("select pgq.next_batch('q', 'reader')")).isNotNull();

    node.command("uninstall", "--force");
    db.execute("drop schema report");
    assertThat(Catalog.counts(db)).isEqualTo(before);
  }

  private static void installAll(TestNode node) {
    node.command("install");
    node.command("install", "pgq_coop", "pgq_ext");
  }

  private static void use(TestDatabase db) {
    db.execute("select pgq.create_queue('q')");
    db.execute("select pgq.register_consumer('q', 'reader')");
    db.execute("select pgq.insert_event('q', 'type', 'kept')");
    db.execute("select pgq.force_tick('q')");
    db.execute("select pgq.ticker('q')");
    db.execute("select pgq.next_batch('q', 'reader')");
    db.execute("select pgq_ext.set_last_tick('writer', 7)");
  }
}
