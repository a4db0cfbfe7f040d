package dev.jlondiste.replica.copy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.cluster.Eventually;
import dev.jlondiste.cluster.TestNode;
import dev.jlondiste.cluster.TestTicker;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.WholeMatrix;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every value arrives unchanged, in binary and in text format. */
class CopiedValuesIT {
  /** Types that are copied in binary format. */
  private static final String PLAIN =
      """
      create table plain (
        id int primary key, b bool, by bytea, ch "char", nm name, i8 int8, i2 int2, i4 int4, t text,
        o oid, j json, f4 float4, f8 float8, bp char(5), v varchar(7), d date, tm time(3),
        ts timestamp, tz timestamptz(2), n numeric, nt numeric(10, 3), u uuid, jb jsonb)
      """;

  /**
   * If one column cannot be copied in binary format or has another type on the other side, all
   * columns are copied as text.
   */
  private static final String MIXED =
      """
      create type mood as enum ('sad', 'glad');
      create table enums (id int primary key, m mood, f8 float8);
      create table spans (id int primary key, i interval, f4 float4);
      create table arrays (id int primary key, a int[], t text[]);
      create domain positive as int check (value > 0);
      create table domains (id int primary key, p positive, ts timestamptz);
      """;

  private static final String ROWS =
      """
      insert into plain values
        (1, true, '\\x00ff5c', 'x', 'name', 9223372036854775807, -32768, -2147483648, E'tab\\t nl\\n \\\\ \\\\N "',
         4294967295, '{"a" :  1, "a": 2}', 'NaN', '-0', 'ab', 'äöü€', '-infinity', '24:00:00', 'infinity',
         '0044-03-15 12:00:00.129999+00 BC', 'NaN', -0.0005, '00000000-0000-0000-0000-000000000001',
         '{"b": 1.10, "ä": [null, "\\u00e4"]}'),
        (2, false, '', '', '', -9223372036854775808, 32767, 2147483647, '', 0, 'null', '-Infinity', 4.9e-324, '', '',
         '5874897-12-31', '00:00:00.0005', '294276-12-31 23:59:59.999999', 'infinity',
         1.000000000000000000000000000000000000001e100, 9999999.9994, 'ffffffff-ffff-ffff-ffff-ffffffffffff', '[]'),
        (3, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
         null, null, null, null, null),
        (4, true, decode(repeat('00', 200000), 'hex'), 'y', 'n', 0, 0, 0, repeat('long ', 100000), 1, '[]', 1.1754944e-38,
         1.7976931348623157e308, 'abcde', 'x', '4713-01-01 BC', '12:34:56.789', '2000-01-01',
         '1999-12-31 23:59:59.99+00', 100.00, null, null, '"x"');
      insert into enums values (1, 'sad', 0.5), (2, null, 'NaN');
      insert into spans values (1, '1 mon -2 days 03:04:05.678901', 0.5), (2, '-178000000 years', 'Infinity');
      insert into arrays values (1, '[0:1]={1,null}', '{"a,b",null,""}'), (2, '{}', null);
      insert into domains values (1, 7, '-infinity');
      """;

  @TempDir private Path directory;

  @ParameterizedTest(name = "from {0} to {1}")
  @CsvSource({"9.6, 18", "18, 9.6", "11, 11"})
  @WholeMatrix({"14, 13"})
  void values_are_the_same(String source, String target) throws Exception {
    List<String> tables = List.of("plain", "enums", "spans", "arrays", "domains", "wider");
    try (TestNode root = new TestNode("root", Servers.shared(source).createDatabase(), directory);
        TestNode leaf = new TestNode("leaf", Servers.shared(target).createDatabase(), directory)) {
      for (TestNode node : List.of(root, leaf)) {
        node.database().execute(PLAIN);
        node.database().execute(MIXED);
      }
      root.database().execute("create table wider (id int primary key, v varchar(9), f float4)");
      leaf.database().execute("create table wider (f float8, id bigint primary key, v text)");
      root.database().execute(ROWS);
      root.database().execute("insert into wider values (1, 'x', 1.5), (-2, '', '-Infinity')");
      root.createRoot();
      root.addTables(tables);
      leaf.createBelow(NodeType.LEAF, root);
      leaf.addTables(tables.subList(0, 5));
      leaf.command("add-table", "--force", "wider");
      try (TestTicker ticker = new TestTicker(root.database())) {
        leaf.start();
        Eventually.inSync(leaf);
      }
      for (String table : tables) {
        String rows =
            table.equals("wider")
                ? "select id, v, f from wider order by id"
                : "select t::text from " + table + " t order by id";
        assertThat(pinned(root, rows)).as(table).isNotEmpty();
        assertThat(pinned(leaf, rows)).as(table).isEqualTo(pinned(root, rows));
      }
      // Compares each value also as bytes, because the text of a row may hide a difference.
      String bytes =
          """
          select id, float8send(f8), float4send(f4), numeric_send(n), numeric_send(nt), textsend(bp::text),
                 timestamptz_send(tz), time_send(tm), octet_length(t), md5(by), charsend(ch), jsonb_send(jb)
            from plain order by id
          """;
      assertThat(pinned(leaf, bytes)).isEqualTo(pinned(root, bytes));
    }
  }

  /** The text of floating-point numbers depends on the server's age and a setting. */
  private static List<?> pinned(TestNode node, String query) throws Exception {
    try (var db = node.database().connect();
        var statement = db.createStatement()) {
      statement.execute("set extra_float_digits = 3; set timezone = 'UTC'; set bytea_output = hex");
      try (var result = statement.executeQuery(query)) {
        return dev.jlondiste.servers.TestDatabase.read(result);
      }
    }
  }
}
