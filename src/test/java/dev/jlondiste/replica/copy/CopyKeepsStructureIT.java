package dev.jlondiste.replica.copy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.cluster.Eventually;
import dev.jlondiste.cluster.Load;
import dev.jlondiste.cluster.Shop;
import dev.jlondiste.cluster.TestNode;
import dev.jlondiste.cluster.TestTicker;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The initial copy drops indexes and constraints and restores the table's structure at the end. */
class CopyKeepsStructureIT {
  /** A rebuilt index is another one under the same name. */
  private static final String INDEX_OIDS =
      """
      select relname, oid from pg_class
       where relkind = 'i' and relnamespace = 'public'::regnamespace order by 1
      """;

  @TempDir private Path directory;

  @ParameterizedTest(name = "from {0} to {1}")
  @CsvSource({"9.6, 18", "18, 9.6"})
  void indexes_and_constraints_are_the_same_after_the_copy(String source, String target)
      throws Exception {
    try (TestNode root = new TestNode("root", Servers.shared(source).createDatabase(), directory);
        TestNode leaf = new TestNode("leaf", Servers.shared(target).createDatabase(), directory)) {
      Shop.create(root.database());
      Shop.fill(root.database(), 100);
      Shop.create(leaf.database());
      leaf.database()
          .execute(
              """
              create index customers_doc on customers ((doc ? 'k')) where doc ? 't';
              create unique index customers_both on customers (id, name);
              alter table customers replica identity using index customers_both;
              alter table customers cluster on customers_name;
              alter table orders add constraint "once ?" unique (id, placed) deferrable;
              comment on index customers_doc is 'ours';
              create rule loud as on delete to orders where old.id < 0 do also delete from journal;
              create view needs_key as select * from journal group by n;
              """);
      root.createRoot();
      root.addTables(Shop.TABLES);
      List<List<@Nullable String>> before = structure(leaf.database());
      List<List<@Nullable String>> oids = leaf.database().rows(INDEX_OIDS);
      try (TestTicker ticker = new TestTicker(root.database());
          Load load = Load.on(root.database(), 1, 3)) {
        leaf.createBelow(NodeType.LEAF, root);
        leaf.addTables(Shop.TABLES);
        root.start();
        leaf.start();
        Eventually.inSync(leaf);
        load.finish();
        Eventually.equal(root, leaf);
      }
      assertThat(structure(leaf.database())).isEqualTo(before);
      assertThat(leaf.database().rows(INDEX_OIDS)).doesNotContainAnyElementsOf(freed(oids));
      assertThat(leaf.database().rows(INDEX_OIDS)).containsAll(needed(oids));
    }
  }

  /** The view needs this one. */
  private static List<List<@Nullable String>> needed(List<List<@Nullable String>> indexes) {
    return indexes.stream().filter(index -> "journal_pkey".equals(index.get(0))).toList();
  }

  private static List<List<@Nullable String>> freed(List<List<@Nullable String>> indexes) {
    return indexes.stream().filter(index -> !"journal_pkey".equals(index.get(0))).toList();
  }

  private static List<List<@Nullable String>> structure(TestDatabase database) {
    return database.rows(
        """
        select 'index', pg_get_indexdef(indexrelid), indisclustered::text || indisreplident::text,
               obj_description(indexrelid, 'pg_class')
          from pg_index where indrelid::regclass::text in
               ('customers', 'orders', '"Odd Table"', 'journal')
        union all
        select 'constraint', conname, pg_get_constraintdef(oid), conrelid::regclass::text
          from pg_constraint where connamespace = 'public'::regnamespace
        union all
        select 'rule', rulename, pg_get_ruledef(oid), ev_enabled::text
          from pg_rewrite where ev_class = 'orders'::regclass
        order by 1, 2
        """);
  }
}
