package dev.jlondiste.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Installation;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Native capture of tables whose events have a hash, as handler {@code shard} needs it. */
class HashCaptureIT {
  private static final String TABLE =
      "create table t (id int primary key, owner int, \"select\" text, v oid)";
  private static final String HASH = "ev_extra3='hash='||hashed(owner)";

  private static Stream<Arguments> everywhere() {
    return Arrays.stream(Installation.values())
        .filter(Installation::isOurs)
        .flatMap(
            installation ->
                Stream.of("statement", "row")
                    .filter(level -> level.equals("row") || installation != Installation.OLDEST)
                    .map(level -> Arguments.of(installation, level)));
  }

  private static Stream<Installation> installations() {
    return Arrays.stream(Installation.values()).filter(Installation::isOurs);
  }

  /** Operation, key, hashes and the owner in the old row of all events. */
  private static List<String> events(CapturedDatabase db) {
    return db
        .database()
        .rows(
            "select substring(ev_type from '\"op\":\"(.)')"
                + " || case when ev_type like '%moved%' then 'm' else '' end,"
                + " ev_data::json ->> 'id', ev_extra3, ev_extra2::json ->> 'owner'"
                + " from pgq.event_template where ev_extra1 = 'public.t'"
                + " and ev_type like '{%' order by ev_id")
        .stream()
        .map(
            row ->
                "%s %s %s%s"
                    .formatted(
                        row.get(0),
                        row.get(1),
                        row.get(2),
                        row.get(3) == null ? "" : " was " + row.get(3)))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("everywhere")
  void events_have_the_hashes_that_subscribers_need(Installation installation, String level) {
    try (CapturedDatabase db = new CapturedDatabase(installation)) {
      db.execute(TABLE);
      db.execute(
          "create function hashed(integer) returns integer language sql as 'select $1 * 10'");
      assertThat(db.add("t", "capture=" + level, HASH, "backup")).startsWith("200 ");
      assertThat(db.capture("t")).startsWith(level).doesNotContain("stale");
      db.execute("insert into t values (1, 1), (2, null)");
      assertThat(events(db)).containsExactly("I 1 hash=10", "I 2 null");
      db.forgetEvents();
      db.execute("update t set \"select\" = 'x'");
      assertThat(events(db)).containsExactly("U 1 hash=10", "U 2 null");
      db.forgetEvents();
      db.execute("update t set owner = owner");
      assertThat(events(db)).containsExactly("U 1 hash=10", "U 2 null");
      db.forgetEvents();
      db.execute("update t set owner = 3 - coalesce(owner, 0)");
      List<String> moves = List.of("U 1 hash=20&old_hash=10 was 1", "U 2 hash=30&old_hash");
      assertThat(events(db)).startsWith(moves.toArray(String[]::new));
      assertThat(events(db).subList(2, events(db).size()))
          .isEqualTo(level.equals("row") ? List.of() : List.of("U 1 hash=20", "U 2 hash=30"));
      db.forgetEvents();
      db.execute("update t set id = 5, owner = null where id = 1");
      assertThat(events(db)).startsWith("Dm 1 hash=20&new_hash", "I 5 null");
      db.forgetEvents();
      // the functions are out of date: the slow path
      db.execute("alter table t add n int");
      db.execute("update t set owner = 4 where id = 2; update t set id = 6 where id = 5");
      assertThat(events(db)).contains("U 2 hash=40&old_hash=30 was 3", "Dm 5 new_hash", "I 6 null");
      db.execute("delete from t; truncate t");
      assertThat(events(db)).contains("D 2 hash=40", "D 6 null");
      db.execute("insert into t values (1, 1)");
      assertThat(
              db.database()
                  .value("select ret_code from londiste._regenerate_triggers('q', 't', null)"))
          .isEqualTo("200");
      assertThat(db.capture("t")).doesNotContain("stale");
      db.execute("insert into t values (2, 2, '', 0, 7)");
      assertThat(events(db)).endsWith("I 2 hash=20");
      assertThat(
              db.database()
                  .value("select ret_code from londiste.local_remove_table('q', 'public.t')"))
          .isEqualTo("200");
      assertThat(db.database().number("select count(*) from pg_proc where proname ~ '__hash$'"))
          .isZero();
    }
  }

  @ParameterizedTest
  @MethodSource("installations")
  void the_expression_has_the_rights_of_the_table_owner(Installation installation) {
    String owner = "owner_" + System.nanoTime();
    String writer = "writer_" + System.nanoTime();
    try (CapturedDatabase db = new CapturedDatabase(installation)) {
      db.execute("create role " + owner + "; create role " + writer);
      try {
        db.execute(TABLE);
        db.execute(
            """
            create function hashed(integer) returns integer language plpgsql as $$
            begin
                return case current_user when '%s' then 1 else 0 end + unqualified($1);
            end $$;
            create function unqualified(integer) returns integer language sql as 'select $1 * 10';
            create schema authorization %s;
            create function %2$s.unqualified(integer) returns integer language sql as 'select -1';
            alter table t owner to %1$s;
            grant insert, select on t to %2$s;
            """
                .formatted(owner, writer));
        assertThat(db.add("t", "capture=auto", HASH)).startsWith("200 ");
        assertThat(db.capture("t")).doesNotStartWith("compatible");
        db.execute("set role " + writer + "; insert into t values (1, 1)");
        assertThat(events(db)).containsExactly("I 1 hash=11");
      } finally {
        db.execute(
            "drop owned by %1$s, %2$s cascade; drop role %1$s, %2$s".formatted(owner, writer));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("installations")
  void a_hash_that_cannot_be_computed_natively_needs_compatible_triggers(
      Installation installation) {
    try (CapturedDatabase db = new CapturedDatabase(installation)) {
      db.execute(TABLE);
      db.execute(
          """
          create function hashed(integer) returns integer language plpgsql as $$
          begin
              if $1 is null then raise exception 'nothing to hash'; end if;
              return $1;
          end $$;
          """);
      assertThat(db.add("t", "capture=auto", HASH)).startsWith("200 ");
      assertThat(db.capture("t")).isEqualTo("compatible");
      assertThat(db.database().number("select count(*) from pg_proc where proname ~ '__hash$'"))
          .isZero();
      db.execute(
          "create table w (like t including all); create table u (id int primary key); create table x (like u including all)");
      assertThat(db.add("w", "capture=row", HASH))
          .endsWith("No capture=row here: hash: nothing to hash");
      assertThat(db.add("u", "capture=row", "backup"))
          .endsWith("No capture=row here: trigger argument backup");
      assertThat(db.add("x", "capture=row", "ev_extra3=id::text"))
          .contains("trigger argument ev_extra3");
    }
  }
}
