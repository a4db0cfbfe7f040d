package dev.jlondiste.replica.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jlondiste.fault.UserError;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names and arguments of {@code dispatch} and its presets. */
class LoadArgumentsTest {
  private static Map<String, String> check(String handler, String... pairs) {
    TableHandlerFactory factory = TableHandlers.named(handler);
    Map<String, String> arguments = factory.description().check(List.of(pairs));
    factory.check(arguments);
    return arguments;
  }

  private static String defaults(String handler) {
    HandlerDescription description = TableHandlers.named(handler).description();
    return String.join(
        " ",
        List.of(
            String.valueOf(description.value(Map.of(), "table_mode")),
            String.valueOf(description.value(Map.of(), "part_mode")),
            String.valueOf(description.value(Map.of(), "period")),
            String.valueOf(description.value(Map.of(), "row_mode")),
            String.valueOf(description.value(Map.of(), "load_mode"))));
  }

  @ParameterizedTest
  @CsvSource({
    "dispatch, part batch_time day plain direct",
    "direct, direct batch_time day plain direct",
    "bulk_direct, direct batch_time day plain bulk",
    "hourly_event, part event_time hour keep_latest direct",
    "daily_batch, part batch_time day keep_latest direct",
    "monthly_field, part date_field month keep_latest direct",
    "yearly_time, part current_time year keep_latest direct",
    "bulk_hourly_time, part current_time hour keep_latest bulk",
    "bulk_yearly_event, part event_time year keep_latest bulk"
  })
  void presets_are_defaults_of_arguments(String handler, String expected) {
    assertThat(defaults(handler)).isEqualTo(expected);
  }

  @Test
  void all_presets_exist() {
    for (String bulk : List.of("", "bulk_")) {
      for (String period : List.of("hourly", "daily", "monthly", "yearly")) {
        for (String mode : List.of("event", "batch", "field", "time")) {
          String name = bulk + period + "_" + mode;
          assertThat(TableHandlers.find(name)).as(name).isPresent();
          assertThat(defaults(name)).as(name).contains(bulk.isEmpty() ? "direct" : "bulk");
        }
      }
    }
  }

  /** With a value that is accepted, and one that is not. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "table_mode; ignore; other",
        "part_mode; event_time; ev_time",
        "part_field; at; ''",
        "period; month; monthly",
        "part_name; %(parent)s_%(year)s; %(parent)s_%(minute)s",
        "part_name; p_100%%; p_100%",
        "part_template; create table %(dest)s (like %(parent)s); create table %(destination)s ()",
        "pre_part; select '%(pkeys)s %(schema_table)s'; select '%s'",
        "post_part; select '%(part_time)s%(period)s%(part_field)s%(part)s'; select 1 % 2",
        "part_func; public.f; ''",
        "retention_period; 3 days; ''",
        "ignore_old_events; 0; yes",
        "row_mode; keep_all; all",
        "event_types; I, D; I,X",
        "load_mode; bulk; copy",
        "method; 3; 4",
        "fields; a,b:c; a:",
        "fields; *,b:c; a,a",
        "fields; b; a:c,b:c",
        "fields; b; *:c",
        "skip_fields; a; ''",
        "table; other.t; ''",
        "ignore_truncate; 1; 2",
        "analyze; 1; yes",
        "hash_key; id; ''"
      })
  void arguments_are_checked(String argument, String good, String bad) {
    String handler = argument.equals("method") ? "bulk_direct" : "dispatch";
    assertThat(check(handler, argument + "=" + good)).containsEntry(argument, good);
    assertThatThrownBy(() -> check(handler, argument + "=" + bad))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(argument);
  }

  @Test
  void arguments_are_checked_together() {
    for (String handler : List.of("daily_field", "bulk_yearly_field")) {
      assertThatThrownBy(() -> check(handler))
          .isInstanceOf(UserError.class)
          .hasMessage("handler '" + handler + "' needs argument part_field");
    }
    assertThat(check("daily_field", "part_mode=event_time")).hasSize(1);
    assertThat(check("daily_field", "table_mode=direct")).hasSize(1);
    assertThatThrownBy(() -> check("dispatch", "part_mode=date_field"))
        .hasMessageContaining("part_field");
    assertThatThrownBy(() -> check("dispatch", "ignore_old_events=1"))
        .hasMessageContaining("needs argument retention_period");
    assertThatThrownBy(() -> check("direct", "fields=a", "skip_fields=a"))
        .hasMessageContaining("no column is left");
  }

  @Test
  void arguments_without_effect_are_refused() {
    assertThatThrownBy(() -> check("direct", "method=2"))
        .hasMessage("handler argument method has no effect without load_mode=bulk");
    assertThat(check("daily_event", "load_mode=bulk", "method=2")).hasSize(2);
    for (String argument :
        List.of(
            "retention_period=1 day",
            "ignore_old_events=0",
            "part_mode=event_time",
            "part_field=at",
            "part_name=%(parent)s_%(year)s",
            "part_template=select 1",
            "part_func=public.f",
            "pre_part=select 1",
            "post_part=select 1",
            "period=day")) {
      String name = argument.substring(0, argument.indexOf('='));
      assertThatThrownBy(() -> check("dispatch", "table_mode=direct", argument))
          .hasMessage("handler argument " + name + " has no effect without table_mode=part");
      assertThatThrownBy(() -> check("bulk_direct", argument)).hasMessageContaining(name);
    }
    assertThatThrownBy(() -> check("dispatch", "part_func=f", "part_template=select 1"))
        .hasMessage("handler argument part_func has no effect beside part_template");
  }

  @Test
  void only_partitions_with_their_usual_names_have_a_retention_period() {
    String usual = "part_name=%(parent)s_%(year)s_%(month)s";
    assertThat(check("monthly_event", "retention_period=1 year", usual)).hasSize(2);
    assertThatThrownBy(() -> check("daily_event", "retention_period=1 year", usual))
        .isInstanceOfSatisfying(
            UserError.class, e -> assertThat(e.text()).contains("_%(year)s_%(month)s_%(day)s'"))
        .hasMessageContaining("drops partitions by their usual names");
  }

  @Test
  void the_time_of_events_is_read_only_where_needed() {
    TableHandlerFactory event = TableHandlers.named("daily_event");
    assertThat(event.readsWholeEvents(Map.of())).isTrue();
    assertThat(event.readsWholeEvents(Map.of("part_mode", "batch_time"))).isFalse();
    assertThat(event.readsWholeEvents(Map.of("table_mode", "direct"))).isFalse();
    assertThat(
            TableHandlers.named("daily_batch").readsWholeEvents(Map.of("part_mode", "event_time")))
        .isTrue();
  }

  @Test
  void variables_of_templates_are_replaced() {
    NameTemplate template = new NameTemplate("pre_part", "%(part)s$1 100%% %(part)s");
    template.check(Set.of("part"));
    assertThat(template.fill(Map.of("part", "a\\b$2"))).isEqualTo("a\\b$2$1 100% a\\b$2");
  }

  @ParameterizedTest
  @CsvSource({
    "2026-03-29, 2026-03-29T00:00",
    "2026-03-29 23:30:00, 2026-03-29T23:30",
    "2026-03-29 23:30:15.999999, 2026-03-29T23:30:15",
    "2026-03-29T23:30:15, 2026-03-29T23:30:15",
    "2026-03-29 23:30:15+00, 2026-03-30T02:30:15",
    "2026-03-29T23:30:15.5Z, 2026-03-30T02:30:15",
    "2026-12-31 20:00:00-05:30, 2027-01-01T03:30",
    "2026-12-31T20:00:00+02:00, 2026-12-31T20:00",
    "1850-01-01 00:00:00+01:39:00, 1850-01-01T00:00"
  })
  void times_are_read_in_a_zone(String text, String expected) {
    ZoneId tallinn = ZoneId.of("Europe/Tallinn");
    assertThat(RowTime.parse(text, tallinn, () -> "x")).isEqualTo(LocalDateTime.parse(expected));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "infinity", "30/11/2026", "2026-13-01", "12026-01-01", "44-03-15 BC", "noon"})
  void other_values_are_errors_that_name_them(String text) {
    assertThatThrownBy(() -> RowTime.parse(text, ZoneId.of("UTC"), () -> "column 'at' of event 5"))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("column 'at' of event 5 is '" + text + "', which is not a date");
  }

  @Test
  void periods_begin_at_their_first_moment() {
    LocalDateTime time = LocalDateTime.parse("2024-02-29T23:59:59");
    assertThat(Arrays.stream(Period.values()).map(period -> period.start(time).toString()))
        .containsExactly(
            "2024-02-29T00:00", "2024-02-01T00:00", "2024-01-01T00:00", "2024-02-29T23:00");
  }
}
