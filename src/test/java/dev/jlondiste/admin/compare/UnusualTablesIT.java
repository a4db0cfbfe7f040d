package dev.jlondiste.admin.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.cluster.CommandLine;
import dev.jlondiste.cluster.CommandLine.Outcome;
import dev.jlondiste.cluster.Eventually;
import dev.jlondiste.cluster.TestNode;
import dev.jlondiste.cluster.TestTicker;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compares and repairs tables that are defined in an unusual way. */
class UnusualTablesIT {
  private static final Path FILE = Path.of("fix.public.uniq.sql");
  private static final List<String> TABLES =
      List.of(
          "lists", "fitted", "uniq", "other_key", "numbered", "state", "docs", "secret", "open");

  private static final String BOTH =
      """
      create table lists (id int primary key, a float8[], p point[]);
      create table fitted (id int primary key, n numeric, at timestamp);
      create table uniq (id int primary key, u int unique);
      create table state (id int primary key, status text);
      create table docs (id int primary key, j jsonb);
      create table open (id int primary key, status text);
      """;

  private static final String ROWS =
      """
      insert into lists values
        (1, '{1,null}', null), (2, '{}', '{"(0.1,0.3)"}'), (3, '{null}', '{}'), (4, '{0.1}', null);
      insert into fitted values (1, 1.5, '2026-12-01 10:00:00.123456');
      insert into uniq select i, i from generate_series(1, 1000) i;
      insert into other_key select i, 'a' || i from generate_series(1, 10) i;
      insert into numbered select i, i from generate_series(1, 10) i;
      insert into state values (1, 'closed'), (2, 'open'), (3, 'open');
      insert into docs select i, '{"a": 1}' from generate_series(1, 10) i;
      insert into secret values (1, 'Ann', 'x'), (2, 'Bob', 'y');
      insert into open values (1, 'open'), (2, 'closed');
      """;

  @TempDir private Path directory;
  private TestNode root;
  private TestNode leaf;
  private TestTicker ticker;

  @BeforeEach
  void cascade() throws IOException {
    Path map =
        Files.writeString(
            directory.resolve("map.yaml"), "public.secret: {id: keep, name: hash64, t: keep}");
    root =
        node(
            "root",
            Servers.OLDEST,
            """
            create table other_key (id int primary key, email text not null);
            create table numbered (id int primary key, n int not null);
            create table secret (id int primary key, name text, t text);
            """
                + ROWS);
    leaf =
        node(
            "leaf",
            Servers.NEWEST,
            """
            create table other_key (id int not null, email text primary key);
            create table numbered (id int primary key, n int generated always as identity);
            create table secret (id int primary key, name bigint, t text);
            """,
            "obfuscator_map = " + map);
    root.createRoot();
    root.addTables(TABLES);
    ticker = new TestTicker(root.database());
    root.start();
    leaf.createBelow(NodeType.LEAF, root);
    leaf.start();
    leaf.addTables(TABLES.subList(0, TABLES.size() - 2));
    leaf.command("add-table", "secret", "--handler=obfuscate");
    leaf.command("add-table", "open", "--handler=filter", "--handler-arg=where=status = 'open'");
    Eventually.inSync(leaf);
  }

  private TestNode node(String name, String major, String sql, String... settings) {
    TestDatabase database = Servers.shared(major).createDatabase();
    database.execute(BOTH + sql);
    return new TestNode(name, database, directory, settings);
  }

  @AfterEach
  void close() throws IOException {
    ticker.close();
    leaf.close();
    root.close();
    Files.deleteIfExists(FILE);
  }

  private Outcome compare(String... words) {
    return CommandLine.run(leaf, words);
  }

  @Test
  void values_in_lists() {
    assertThat(compare("compare", "lists").code()).isZero();
    leaf.database()
        .executeAsReplica(
            """
            update lists set a = '{null,1}' where id = 1;
            update lists set a = null where id = 2;
            update lists set a = '{}', p = null where id = 3;
            """);
    assertThat(compare("compare", "lists").log())
        .contains("0 rows are missing here, 3 differ, 0 are not on the source")
        .contains("id=3: differs in a, p");
    leaf.command("repair", "lists", "--apply");
    assertThat(compare("compare", "lists").code()).isZero();
  }

  @Test
  void values_that_the_local_type_rounds() {
    leaf.database()
        .execute("alter table fitted alter n type numeric(10,2), alter at type timestamp(0)");
    assertThat(compare("compare", "fitted").code()).isZero();
    leaf.database().executeAsReplica("update fitted set n = 1.51");
    assertThat(compare("compare", "fitted").log()).contains("id=1: differs in n");
  }

  @Test
  void values_of_a_unique_column_that_rows_have_exchanged() throws Exception {
    String exchange = "update uniq set u = -u; update uniq set u = 1 + (-u) % 1000";
    leaf.database().executeAsReplica(exchange);
    assertThat(leaf.command("repair", "uniq", "--apply").log()).contains("1000 updates");
    assertThat(compare("compare", "uniq").code()).isZero();
    leaf.database().executeAsReplica(exchange);
    leaf.database().executeAsReplica("update uniq set id = id + 5000 where id % 10 = 0");
    leaf.command("repair", "uniq");
    leaf.database().execute(Files.readString(FILE));
    assertThat(compare("compare", "uniq").code()).isZero();
    leaf.database().executeAsReplica("update uniq set id = id + 5000 where id % 2 = 0");
    leaf.command("repair", "uniq", "--apply");
    assertThat(compare("compare", "uniq").code()).isZero();
  }

  @Test
  void an_update_of_columns_that_are_a_key_only_here() {
    ticker.close();
    root.database().execute("update other_key set email = 'b' || id where id in (3, 4)");
    assertThat(compare("compare", "other_key", "--set", "lock_timeout=30").code()).isZero();
  }

  @Test
  void an_identity_column_that_no_update_may_set() {
    leaf.database().executeAsReplica("update numbered set n = default where id = 3");
    leaf.command("repair", "numbered", "--apply");
    assertThat(compare("compare", "numbered").code()).isZero();
  }

  @Test
  void rows_that_fulfil_a_condition_on_one_side_only() {
    leaf.database()
        .executeAsReplica(
            """
            update state set status = 'open' where id = 1;
            update state set status = 'closed' where id = 2;
            """);
    assertThat(leaf.command("repair", "state", "--apply", "--repair-where=status = 'open'").log())
        .contains("missed: 0 inserts, 2 updates, 0 deletes");
    assertThat(leaf.database().column("select status from state order by id"))
        .containsExactly("closed", "open", "open");
    assertThat(compare("compare", "state", "--where=id < 5 -- all").code()).isZero();
  }

  @Test
  void a_row_that_the_filter_of_a_table_excludes_only_here() {
    leaf.database().executeAsReplica("update open set status = 'closed'");
    assertThat(leaf.command("repair", "open", "--apply").log())
        .contains("missed: 0 inserts, 1 updates, 0 deletes");
    assertThat(leaf.database().rows("table open")).containsExactly(List.of("1", "open"));
  }

  @Test
  void a_question_mark_in_a_condition() {
    assertThat(compare("compare", "docs", "--where=j ? 'a'", "--chunk-rows=2").code()).isZero();
  }

  @Test
  void a_missing_row_of_which_only_the_handler_knows_all_columns() {
    leaf.database().executeAsReplica("update secret set t = 'z' where id = 1");
    leaf.command("repair", "secret", "--apply");
    assertThat(compare("compare", "secret").code()).isZero();
    leaf.database().executeAsReplica("delete from secret where id = 1");
    Outcome refused = CommandLine.run(leaf, "repair", "secret", "--apply");
    assertThat(refused.code()).isEqualTo(3);
    assertThat(refused.log()).contains("only the handler knows what it has here in name");
    assertThat(leaf.database().count("secret")).isOne();
  }
}
