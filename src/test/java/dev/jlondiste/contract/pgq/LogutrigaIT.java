package dev.jlondiste.contract.pgq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import dev.jlondiste.contract.Session;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Contract("pgq.logutriga")
class LogutrigaIT extends TriggerContract {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "boolean | 't' | t",
        "boolean | 'f' | f",
        "int2 | -3 | -3",
        "int8 | 9223372036854775807 | 9223372036854775807",
        "numeric | 1.50 | 1.50",
        "numeric | 'NaN' | NaN",
        "float8 | '-0' | -0",
        "float4 | 1e10 | 1e%2b10",
        "float8 | '-infinity' | -Infinity",
        "text | '' | ``",
        "text | 'a b  c' | a+b++c",
        "text | 'Az09_.-' | Az09_.-",
        "text | '~*!()''\"/&=%+' | %7e%2a%21%28%29%27%22%2f%26%3d%25%2b",
        "text | E'tab\\tline\\nback\\\\' | tab%09line%0aback%5c",
        "text | 'é€' | %c3%a9%e2%82%ac",
        "varchar(3) | 'abc' | abc",
        "char(5) | 'ab' | ab+++",
        "\"char\" | 'c' | c",
        "name | 'n' | n",
        "bytea | '\\x00ff' | %5cx00ff",
        "date | '2009-09-19' | 2009-09-19",
        "timestamp | '2009-09-19 11:59:48.599' | 2009-09-19+11%3a59%3a48.599",
        "timestamptz | '2009-09-19 11:59:48.599+00' | 2009-09-19+11%3a59%3a48.599%2b00",
        "timestamptz | '-infinity' | -infinity",
        "time | '01:02:03' | 01%3a02%3a03",
        "interval | '1 day 02:03:04' | 1+day+02%3a03%3a04",
        "inet | '10.0.0.1' | 10.0.0.1",
        "cidr | '10.0.0.0/8' | 10.0.0.0%2f8",
        "json | '{\"a\":  1}' | %7b%22a%22%3a++1%7d",
        "jsonb | '{\"a\":  1}' | %7b%22a%22%3a+1%7d",
        "xml | '<a>x</a>' | %3ca%3ex%3c%2fa%3e",
        "boolean[] | '{t,f,null}' | %7bt%2cf%2cNULL%7d",
        "text[] | '{a,\"b c\"}' | %7ba%2c%22b+c%22%7d",
        "int4range | '[1,5)' | %5b1%2c5%29",
        "box | '(0,0),(1,1)' | %281%2c1%29%2c%280%2c0%29",
        "uuid | 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11' | a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
        "yesno | 't' | t",
        "mood | 'so so' | so+so",
        "pair | '(t,\"a b\")' | %28t%2c%22a+b%22%29",
        "regclass | 'pg_class' | pg_class",
      })
  void values_are_urlencoded_as_their_type_writes_them(String type, String value, String encoded) {
    assertThat(eventOf(type, value).get(1)).isEqualTo("id=1&v=" + encoded);
  }

  @Test
  void a_null_is_a_name_alone() {
    assertThat(eventOf("text", "null").get(1)).isEqualTo("id=1&v");
    assertThat(eventOf("yesno", "null").get(1)).isEqualTo("id=1&v");
  }

  @Test
  void names_are_encoded_too() {
    Watched t = watched("\"We ird&Col\" int primary key, \"null\" text");

    assertThat(t.run("insert into # values (1, 'x')").event("ev_type, ev_data"))
        .containsExactly("I:We ird&Col", "We+ird%26Col=1&null=x");
  }

  @Test
  void insert_and_update_tell_the_new_row_delete_the_old() {
    Watched t =
        watched("id int primary key, b text, c int").run("insert into # values (1, 'x', null)");

    t.run("update # set b = 'y'", "delete from #");

    assertThat(t.events("ev_type, ev_data, ev_extra2"))
        .containsExactly(
            Arrays.asList("I:id", "id=1&b=x&c", null),
            Arrays.asList("U:id", "id=1&b=y&c", null),
            Arrays.asList("D:id", "id=1&b=y&c", null));
  }

  @Test
  void a_backup_is_the_old_row() {
    Watched t =
        watched("id int primary key, b text, c text, d char(3)", "backup", "ignore=c")
            .run("insert into # values (1, 'old value', 'x', 'd')", "update # set b = null");

    assertThat(t.events("ev_data, ev_extra2").get(1))
        .containsExactly("id=1&b&d=d++", "id=1&b=old+value&d=d++");
  }

  @Test
  void the_key_is_in_the_order_of_its_index() {
    Watched t =
        watched("a int, b int, c int, primary key (c, a)").run("insert into # values (1, 2, 3)");

    assertThat(t.event("ev_type, ev_data")).containsExactly("I:c,a", "a=1&b=2&c=3");
  }

  @Test
  void a_key_of_the_triggers_is_told_as_it_is_written() {
    Watched t = watched("a int, b int", "pkey=b, a").run("insert into # values (1, 2)");

    assertThat(t.event("ev_type")).containsExactly("I:b, a");
    assertThat(t.refusal("update # set a = 3")).isEqualTo("primary key update not allowed");
  }

  @Test
  void without_a_key_the_list_is_empty() {
    assertThat(watched("a int").run("insert into # values (1)").event("ev_type, ev_data"))
        .containsExactly("I:", "a=1");
  }

  @Test
  void a_truncate_has_no_data() {
    Watched t = watched("a int primary key").on("after truncate", "statement").run("truncate #");

    assertThat(t.event("ev_type, ev_data")).containsExactly("R", "");
  }

  @Test
  void values_follow_the_writers_settings() {
    Watched t = watched("id int primary key, i interval, tz timestamptz, by bytea");
    try (Session writer = open()) {
      writer.ask("set intervalstyle = 'iso_8601'");
      writer.ask("set timezone = 'Asia/Kolkata'");
      writer.ask("set bytea_output = 'escape'");
      t.runIn(writer, "insert into # values (1, '1 day', '2009-09-19 12:00:00+00', '\\x41')");
    }

    assertThat(t.event("ev_data"))
        .containsExactly("id=1&i=P1D&tz=2009-09-19+17%3a30%3a00%2b05%3a30&by=A");
  }

  @Test
  void dates_follow_the_writers_settings_too() {
    Watched t = watched("id int primary key, d date, ts timestamp");
    insertTheGermanWay(t, "1, '2009-09-19', '2009-09-19 11:00'");

    assertThat(t.event("ev_data")).containsExactly("id=1&d=19.09.2009&ts=19.09.2009+11%3a00%3a00");
  }

  @Test
  void an_update_of_a_magic_column_alone_is_an_event() {
    Watched t =
        watched("id int primary key, _pgq_ev_extra3 text").run("insert into # values (1, 'a')");

    assertThat(t.run("update # set _pgq_ev_extra3 = 'b'").events("ev_extra3"))
        .containsExactly(List.of("a"), List.of("b"));
  }
}
