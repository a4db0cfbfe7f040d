package dev.jlondiste.contract.pgq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import dev.jlondiste.contract.Session;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Contract("pgq.jsontriga")
class JsontrigaIT extends TriggerContract {
  private static String typeOf(String operation, Watched t, String key) {
    return "{\"op\":\""
        + operation
        + "\",\"table\":[\"public\",\""
        + t.table.substring(7)
        + "\"],\"pkey\":["
        + key
        + "]}";
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "boolean | 't' | true",
        "boolean | 'f' | false",
        "boolean | null | null",
        "int2 | -3 | -3",
        "int4 | 0 | 0",
        "int8 | 9223372036854775807 | 9223372036854775807",
        "int8 | null | null",
        "oid | 17 | \"17\"",
        "numeric | 1.50 | \"1.50\"",
        "float8 | 0.5 | \"0.5\"",
        "float8 | 'NaN' | \"NaN\"",
        "text | '' | \"\"",
        "text | null | null",
        "text | 'null' | \"null\"",
        "text | E'q\" b\\\\ t\\t n\\n r\\r f\\f b\\b' | \"q\\\" b\\\\ t\\t n\\n r\\r f\\f b\\b\"",
        "text | E'\\x01\\x1f / é€ <&>' | \"\\u0001\\u001f / é€ <&>\"",
        "char(5) | 'ab' | \"ab   \"",
        "bytea | '\\x00ff' | \"\\\\x00ff\"",
        "date | '2009-09-19' | \"2009-09-19\"",
        "date | 'infinity' | \"infinity\"",
        "date | '0044-03-15 BC' | \"0044-03-15 BC\"",
        "timestamp | '2009-09-19 11:59:48.599' | \"2009-09-19T11:59:48.599\"",
        "timestamp | '-infinity' | \"-infinity\"",
        "timestamp | null | null",
        "timestamptz | '2009-09-19 11:59:48.599+00' | \"2009-09-19T11:59:48.599+00:00\"",
        "timestamptz | '12345-01-02 03:04:05+00' | \"12345-01-02T03:04:05+00:00\"",
        "time | '01:02:03' | \"01:02:03\"",
        "interval | '1 day 02:03:04' | \"1 day 02:03:04\"",
        "inet | '10.0.0.1' | \"10.0.0.1\"",
        "json | '{\"a\":  1}' | \"{\\\"a\\\":  1}\"",
        "json | 'null' | \"null\"",
        "json | null | null",
        "jsonb | '[1]' | \"[1]\"",
        "boolean[] | '{t,f,null}' | \"{t,f,NULL}\"",
        "uuid | 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11' | \"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11\"",
        "yesno | 't' | \"t\"",
        "small | 5 | \"5\"",
        "moment | '2009-09-19 11:59:48' | \"2009-09-19 11:59:48\"",
        "pair | '(t,\"a b\")' | \"(t,\\\"a b\\\")\"",
      })
  void values_are_json_by_their_exact_type(String type, String value, String json) {
    assertThat(eventOf(type, value).get(1)).isEqualTo("{\"id\":1,\"v\":" + json + "}");
  }

  @Test
  void dates_are_iso_whatever_the_writers_settings() {
    Watched t = watched("id int primary key, d date, ts timestamp, dt moment");
    insertTheGermanWay(t, "1, '2009-09-19', '2009-09-19 11:00', '2009-09-19'");

    assertThat(t.event("ev_data"))
        .as("a domain is written as its type writes it")
        .containsExactly(
            "{\"id\":1,\"d\":\"2009-09-19\",\"ts\":\"2009-09-19T11:00:00\","
                + "\"dt\":\"19.09.2009 00:00:00\"}");
  }

  @Test
  void times_are_those_of_the_writers_zone() {
    Watched t = watched("id int primary key, tz timestamptz");
    try (Session writer = open()) {
      writer.ask("set timezone = 'Asia/Kolkata'");
      t.runIn(writer, "insert into # values (1, '2009-09-19 12:00:00+00')");
    }

    assertThat(t.event("ev_data"))
        .containsExactly("{\"id\":1,\"tz\":\"2009-09-19T17:30:00+05:30\"}");
  }

  @Test
  void insert_and_update_tell_the_new_row_delete_the_old() {
    Watched t = watched("id int primary key, b text").run("insert into # values (1, 'x')");

    t.run("update # set b = 'y'", "delete from #");

    assertThat(t.events("ev_type, ev_data, ev_extra2"))
        .containsExactly(
            Arrays.asList(typeOf("INSERT", t, "\"id\""), "{\"id\":1,\"b\":\"x\"}", null),
            Arrays.asList(typeOf("UPDATE", t, "\"id\""), "{\"id\":1,\"b\":\"y\"}", null),
            Arrays.asList(typeOf("DELETE", t, "\"id\""), "{\"id\":1,\"b\":\"y\"}", null));
  }

  @Test
  void a_backup_is_the_old_row() {
    Watched t =
        watched("id int primary key, b boolean, c text, d date", "backup", "ignore=c")
            .run(
                "insert into # values (1, true, 'x', '2001-02-03')",
                "update # set b = null, d = null");

    assertThat(t.events("ev_data, ev_extra2").get(1))
        .containsExactly(
            "{\"id\":1,\"b\":null,\"d\":null}", "{\"id\":1,\"b\":true,\"d\":\"2001-02-03\"}");
  }

  @Test
  void names_are_escaped() {
    ask("create schema \"O s\"");
    ask("create table \"O s\".\"q\"\"t\" (\"k\\\" int primary key, \"null\" text)");
    Watched t = watched("x int");
    ask(
        "create trigger t after insert on \"O s\".\"q\"\"t\" for each row execute procedure"
            + " pgq.jsontriga('"
            + t.queue
            + "')");

    ask("insert into \"O s\".\"q\"\"t\" values (1, 'x')");

    assertThat(t.event("ev_type, ev_data"))
        .containsExactly(
            "{\"op\":\"INSERT\",\"table\":[\"O s\",\"q\\\"t\"],\"pkey\":[\"k\\\\\"]}",
            "{\"k\\\\\":1,\"null\":\"x\"}");
  }

  @Test
  void the_key_is_in_the_order_of_its_index() {
    Watched t =
        watched("a int, b int, c int, primary key (c, a)").run("insert into # values (1, 2, 3)");

    assertThat(t.event("ev_type")).containsExactly(typeOf("INSERT", t, "\"c\",\"a\""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "pkey=b,a | \"b\",\"a\"",
        "pkey=b, a | \"b\",\" a\"",
        "pkey=a b | \"a b\"",
        "pkey=a,,b | \"a\",\"\",\"b\"",
        "pkey= | \"\""
      })
  void a_key_of_the_triggers_is_split_at_commas(String argument, String key) {
    Watched t = watched("a int, b int", argument).run("insert into # values (1, 2)");

    assertThat(t.event("ev_type")).containsExactly(typeOf("INSERT", t, key));
  }

  @Test
  void without_a_key_the_list_is_empty() {
    Watched t = watched("a int").run("insert into # values (1)");

    assertThat(t.event("ev_type, ev_data")).containsExactly(typeOf("INSERT", t, ""), "{\"a\":1}");
  }

  @Test
  void a_table_without_columns_is_an_empty_object() {
    assertThat(watched("").run("insert into # default values").event("ev_data"))
        .containsExactly("{}");
  }

  @Test
  void a_truncate_names_the_key_too() {
    Watched t = watched("a int primary key").on("after truncate", "statement").run("truncate #");

    assertThat(t.event("ev_type, ev_data")).containsExactly(typeOf("TRUNCATE", t, "\"a\""), "{}");
  }

  @Test
  void an_update_of_a_magic_column_alone_is_an_event() {
    Watched t =
        watched("id int primary key, _pgq_ev_extra3 text").run("insert into # values (1, 'a')");

    assertThat(t.run("update # set _pgq_ev_extra3 = 'b'").events("ev_extra3"))
        .containsExactly(List.of("a"), List.of("b"));
  }
}
