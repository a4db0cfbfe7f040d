package dev.jlondiste.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.cluster.CommandLine.Outcome;
import dev.jlondiste.servers.Servers;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables and sequences are added and listed, with the words and exit codes operators know. */
class TableCommandsIT {
  @TempDir private Path directory;
  private TestNode root;
  private TestNode leaf;

  @BeforeEach
  void two_nodes() throws Exception {
    root = new TestNode("root", Servers.oldest().createDatabase(), directory);
    leaf = new TestNode("leaf", Servers.newest().createDatabase(), directory);
    root.createRoot();
    leaf.createBelow(NodeType.LEAF, root);
    root.database().execute("create table items (id int primary key, t text)");
    root.database().execute("create table log (id int primary key, at timestamptz)");
    root.database().execute("create table nopk (id int)");
    root.database().execute("create sequence lone");
  }

  @AfterEach
  void close() {
    leaf.close();
    root.close();
  }

  private static void assertDone(Outcome outcome, String log) {
    assertThat(outcome.log()).isEqualTo(log);
    assertThat(outcome.code()).isZero();
  }

  private static void assertFailed(Outcome outcome, String... lines) {
    assertThat(outcome.log()).contains(lines);
    assertThat(outcome.code()).isEqualTo(1);
  }

  @Test
  void one_bad_table_does_not_keep_the_others_out() {
    Outcome outcome = CommandLine.run(root, "add-table", "--all");
    assertFailed(
        outcome,
        "INFO Table added: public.items\n",
        "INFO Table added: public.log\n",
        "ERROR Primary key missing on table: public.nopk\nHINT:",
        "ERROR 1 of 3 tables not added: public.nopk\n");
    assertThat(CommandLine.run(root, "tables").out())
        .containsSubsequence(
            "Tables on node\n",
            "table_name       merge_state      table_attrs      capture\n",
            "---------------  ---------------  ---------------  ----------------------------------"
                + "-------------\n",
            "public.items     ok                                row (no transition tables before"
                + " PostgreSQL 10)\n",
            "public.log       ok                                row (no transition tables before"
                + " PostgreSQL 10)\n\n\n");
    assertThat(CommandLine.run(root, "tables", "--names-only").out())
        .isEqualTo("public.items\npublic.log\n");
    assertThat(CommandLine.run(root, "missing").out())
        .contains("S                public.lone\n", "r                public.nopk\n")
        .doesNotContain("items");
  }

  @Test
  void words_that_name_nothing_change_nothing() {
    assertDone(CommandLine.run(root, "add-table"), "INFO what to do ?\n");
    assertFailed(
        CommandLine.run(root, "add-table", "items", "nosuch"),
        "WARNING public.nosuch not available\n",
        "ERROR Cannot proceed\n");
    assertFailed(
        CommandLine.run(root, "add-table", "nosuch", "--force"),
        "WARNING public.nosuch not available, but --force is used\n",
        "ERROR Table does not exist: public.nosuch\n");
    assertDone(CommandLine.run(root, "add-table", "items"), "INFO Table added: public.items\n");
    assertDone(
        CommandLine.run(root, "add-table", "items"),
        "INFO public.items already processed\nINFO what to do ?\n");
  }

  @Test
  void the_list_of_the_provider_is_not_waited_for() {
    CommandLine.run(root, "add-table", "items");
    leaf.database().execute("create table items (id int primary key, t text)");
    assertDone(
        CommandLine.run(leaf, "add-table", "items", "--max-parallel-copy=2", "--skip-truncate"),
        """
        INFO Table public.items info missing from subscriber, adding
        INFO Table added: public.items
        INFO Table added: public.items
        """);
    assertThat(CommandLine.run(leaf, "tables").out())
        .contains("public.items     None             {'skip_truncate': '1', 'max_parallel_copy'");
  }

  @Test
  void a_table_comes_only_from_where_it_is() throws Exception {
    TestNode branch = new TestNode("branch", Servers.newest().createDatabase(), directory);
    try (branch;
        TestNode below = new TestNode("below", Servers.newest().createDatabase(), directory)) {
      branch.createBelow(NodeType.BRANCH, root);
      below.createBelow(NodeType.LEAF, branch);
      below.database().execute("create table items (id int primary key, t text)");
      CommandLine.run(root, "add-table", "items");
      branch.database().execute("select * from londiste.global_add_table('testq', 'public.items')");
      assertFailed(
          CommandLine.run(below, "add-table", "items"),
          "ERROR Table public.items does not exist on provider, need to switch to different"
              + " provider\n",
          "ERROR Problems, canceling operation\n");
      assertFailed(
          CommandLine.run(below, "add-table", "items", "--copy-node=zz"),
          "ERROR Cannot find node <zz>\n");
      assertThat(CommandLine.run(below, "add-table", "items", "--find-copy-node").code()).isZero();
      assertThat(CommandLine.run(below, "tables").out()).contains("{'copy_node': '?'}");
    }
  }

  @Test
  void tables_that_rows_would_not_fit_into_are_refused() {
    CommandLine.run(root, "add-table", "items", "log");
    leaf.database()
        .execute(
            """
            create table items (id bigint primary key, more int not null);
            create table log (id int primary key, at timestamptz, note text)
            """);
    Outcome outcome = CommandLine.run(leaf, "add-table", "--all");
    assertFailed(
        outcome,
        "ERROR Table public.items differs from its source: column id is integer there and bigint"
            + " here; column t is missing here; column more exists only here, not null and without"
            + " default\n",
        "WARNING public.log: column note exists only here\n",
        "INFO Table added: public.log\n");
    assertThat(CommandLine.run(leaf, "tables", "--names-only").out()).isEqualTo("public.log\n");
  }

  @Test
  void missing_tables_are_skipped_or_created_as_wished() {
    CommandLine.run(root, "add-table", "items", "log");
    assertFailed(
        CommandLine.run(leaf, "add-table", "items"), "ERROR Table does not exist: public.items\n");
    assertDone(
        CommandLine.run(leaf, "add-table", "items", "--skip-non-existing"),
        "WARNING Table public.items does not exist on local node, skipping\n");
    assertDone(
        CommandLine.run(leaf, "add-table", "items", "--create"),
        "INFO Creating public.items\nINFO Creating items_pkey\nINFO Table added: public.items\n");
    assertThat(
            CommandLine.run(
                    leaf, "add-table", "log", "--create-full", "--dest-table=s2.l", "--expect-sync")
                .log())
        .contains("INFO Creating s2.l\n", "INFO Table added: public.log(s2.l)\n");
    assertThat(
            leaf.database()
                .value(
                    "select dest_table from londiste.table_info where local and"
                        + " merge_state = 'ok'"))
        .isEqualTo("s2.l");
  }

  @Test
  void sequences_are_added_in_one_transaction() {
    assertDone(CommandLine.run(root, "add-seq", "--all"), "INFO Sequence added: public.lone\n");
    assertThat(CommandLine.run(root, "seqs").out())
        .contains("public.lone      True             30001\n");
    assertDone(
        CommandLine.run(root, "add-seq", "lone"),
        "INFO public.lone already processed\nINFO what to do ?\n");
    assertFailed(
        CommandLine.run(leaf, "add-seq", "lone"),
        "ERROR Sequence 'public.lone' missing on local node\n");
    assertDone(
        CommandLine.run(leaf, "add-seq", "lone", "--create"),
        "INFO Creating public.lone\nINFO Sequence added: public.lone\n");
    assertThat(leaf.database().value("select last_value from lone")).isEqualTo("30001");
  }

  @Test
  void what_is_removed_can_be_added_again() {
    CommandLine.run(root, "add-table", "items", "log");
    CommandLine.run(root, "add-seq", "lone");
    assertDone(
        CommandLine.run(root, "remove-table", "i*", "log"),
        "INFO Table removed: public.items\nINFO Table removed: public.log\n");
    assertDone(
        CommandLine.run(root, "remove-seq", "--all"), "INFO Sequence removed: public.lone\n");
    assertDone(CommandLine.run(root, "remove-table", "--all"), "INFO what to do ?\n");
    assertThat(CommandLine.run(root, "tables").out()).isEmpty();
    assertDone(CommandLine.run(root, "add-table", "items"), "INFO Table added: public.items\n");
  }

  @Test
  void removing_is_all_or_nothing() {
    CommandLine.run(root, "add-table", "items");
    assertFailed(
        CommandLine.run(root, "remove-table", "items", "nosuch"), "ERROR Cannot proceed\n");
    assertThat(CommandLine.run(root, "tables", "--names-only").out()).isEqualTo("public.items\n");
  }

  @Test
  void what_native_capture_cannot_do_the_compatible_triggers_do() {
    root.database()
        .execute("create table uniq (a int not null unique); create view v as select 1 as id");
    assertDone(
        CommandLine.run(root, "add-table", "items", "--trigger-flags=IU"),
        "INFO Table added: public.items (compatible triggers: trigger flags)\n");
    assertDone(
        CommandLine.run(root, "add-table", "log", "--trigger-arg=ignore=at"),
        "INFO Table added: public.log (compatible triggers: trigger argument ignore=at)\n");
    assertDone(
        CommandLine.run(root, "add-table", "uniq", "--trigger-arg=pkey=a"),
        "INFO Table added: public.uniq\n");
    assertFailed(
        CommandLine.run(root, "add-table", "v", "--force"),
        "ERROR Table does not exist: public.v\n");
    assertThat(captures(root))
        .containsExactly("public.items compatible", "public.log compatible", "public.uniq row");
    for (String table : new String[] {"items", "log", "uniq"}) {
      CommandLine.run(root, "remove-table", table);
    }
    assertDone(
        CommandLine.run(root, "add-table", "items", "--no-triggers"),
        "INFO Table added with no triggers: public.items\n");
    assertDone(
        CommandLine.run(root, "add-table", "log", "--capture=compatible"),
        "INFO Table added: public.log\n");
    assertThat(captures(root)).containsExactly("public.items none", "public.log compatible");
  }

  @Test
  void code_without_native_capture_gets_the_compatible_triggers() {
    // as releases before it were
    root.database().execute("drop function londiste._capture_status(text)");
    assertDone(
        CommandLine.run(root, "add-table", "items", "log"),
        "INFO This database has no native capture, triggers are the compatible ones: 'upgrade'"
            + " installs it if jlondiste installed the schemas\n"
            + "INFO Table added: public.items\nINFO Table added: public.log\n");
    assertThat(triggers(root, "items"))
        .containsExactly("_londiste_testq logutriga", "_londiste_testq_truncate sqltriga");
    assertThat(
            root.database()
                .value("select tgnargs from pg_trigger where tgname = '_londiste_testq' limit 1"))
        .isEqualTo("1");
  }

  @Test
  void below_the_root_triggers_deny() throws Exception {
    CommandLine.run(root, "add-table", "items");
    try (TestNode branch = new TestNode("branch", Servers.newest().createDatabase(), directory)) {
      branch.createBelow(NodeType.BRANCH, root);
      for (TestNode node : new TestNode[] {branch, leaf}) {
        assertThat(CommandLine.run(node, "add-table", "items", "--create").log())
            .endsWith("INFO Creating items_pkey\nINFO Table added: public.items\n");
        assertThatThrownBy(() -> node.database().execute("insert into items values (1)"))
            .hasMessageMatching("(?s).*(Insert into queue disallowed|not allowed).*");
      }
      assertThat(triggers(leaf, "items"))
          .containsExactly("_londiste_testq logutriga", "_londiste_testq_truncate sqltriga");
      assertThat(triggers(branch, "items"))
          .isNotEmpty()
          .allMatch(trigger -> trigger.contains(" _native_items_")); // for a takeover
    }
  }

  private static List<String> captures(TestNode node) {
    return node
        .database()
        .rows("select table_name || ' ' || capture from londiste._capture_status('testq')")
        .stream()
        .map(row -> String.valueOf(row.get(0)))
        .toList();
  }

  private static List<String> triggers(TestNode node, String table) {
    return node
        .database()
        .rows(
            "select t.tgname || ' ' || p.proname from pg_trigger t join pg_proc p on p.oid ="
                + " t.tgfoid where t.tgrelid = ?::regclass and not t.tgisinternal order by 1",
            table)
        .stream()
        .map(row -> String.valueOf(row.get(0)))
        .toList();
  }

  @Test
  void another_handler_leaves_capture_as_it_is() {
    CommandLine.run(root, "add-table", "items", "--capture=row");
    String before = CommandLine.run(root, "tables").out();
    assertThat(before).contains("row");
    CommandLine.run(root, "change-handler", "items", "--handler-arg=ignore_truncate=1");
    assertDone(
        CommandLine.run(root, "change-handler", "items"),
        "INFO Handler changed for table: public.items\n");
    assertThat(CommandLine.run(root, "tables").out()).isEqualTo(before);
  }

  @Test
  void a_handler_is_set_once() {
    CommandLine.run(root, "add-table", "items");
    String[] words = {"change-handler", "items", "--handler-arg=ignore_truncate=1"};
    assertDone(CommandLine.run(root, words), "INFO Handler changed for table: public.items\n");
    assertThat(CommandLine.run(root, "tables").out())
        .contains("{'handler': 'londiste(ignore_truncate=1)'}");
    assertDone(
        CommandLine.run(root, words),
        "INFO Handler is already set to desired value, nothing done\n");
    assertDone(
        CommandLine.run(root, "change-handler", "items"),
        "INFO Handler changed for table: public.items\n");
    assertThat(CommandLine.run(root, "tables").out()).doesNotContain("handler'");
    assertFailed(
        CommandLine.run(root, "change-handler", "nosuch"),
        "ERROR Table public.nosuch not found on this node\n");
    assertFailed(
        CommandLine.run(root, "change-handler", "items", "--handler=nosuch"),
        "ERROR unknown handler 'nosuch'\n");
  }

  @Test
  void a_check_reports_what_became_different() {
    CommandLine.run(root, "add-table", "items", "log");
    CommandLine.run(leaf, "add-table", "--all", "--create", "--expect-sync");
    String meant = "inventory_ignore=public.nopk, public.lone";
    assertDone(CommandLine.run(leaf, "check", "--set", meant), "");
    assertDone(CommandLine.run(root, "check", "--set", meant), "");
    leaf.database()
        .execute(
            """
            alter table items drop column t;
            alter table log drop constraint log_pkey;
            insert into londiste.pending_fkeys
            values ('public.log', 'public.items', 'k', 'alter table x')
            """);
    Outcome outcome = CommandLine.run(leaf, "check", "--set", meant);
    assertThat(outcome.log())
        .isEqualTo(
            """
            WARNING public.items: column t is missing here
            WARNING public.log: primary key is (id) on the provider and () here
            """);
    assertThat(outcome.code()).isEqualTo(3);
    assertThat(CommandLine.run(leaf, "fkeys").out()).isEqualTo("alter table x;\n");
  }
}
