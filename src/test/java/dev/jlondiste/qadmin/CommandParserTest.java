package dev.jlondiste.qadmin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.jlondiste.admin.queues.QueueSetting;
import dev.jlondiste.admin.queues.SettingChange;
import dev.jlondiste.db.TableName;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.qadmin.Command.Choice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandParserTest {
  private static Statement statement(String text) {
    try {
      return StatementReaderTest.read(text).get(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Command parse(String text) {
    return CommandParser.parse(statement(text));
  }

  private static UserError refused(String text) {
    return catchThrowableOfType(UserError.class, () -> parse(text));
  }

  @Test
  void queues() {
    assertThat(parse("CREATE Queue My.Queue-1;")).isEqualTo(new Command.CreateQueue("My.Queue-1"));
    assertThat(parse("drop queue \"on it\";")).isEqualTo(new Command.DropQueue("on it"));
    assertThat(parse("create queue 'it''s';")).isEqualTo(new Command.CreateQueue("it's"));
    assertThat(parse("show queue;")).isEqualTo(new Command.ShowQueue(Optional.empty()));
    assertThat(parse("show queue *;")).isEqualTo(new Command.ShowQueue(Optional.of(Choice.ALL)));
    assertThat(parse("show queue \"*\";"))
        .isEqualTo(new Command.ShowQueue(Optional.of(Choice.of("*"))));
  }

  @Test
  void settings_have_short_and_long_names() {
    assertThat(
            parse(
                "alter queue * set Max_Lag='1 s',ticker_max_count = 10, queue_ticker_paused=on,"
                    + "rotation_period=-1h"))
        .isEqualTo(
            new Command.AlterQueue(
                Choice.ALL,
                List.of(
                    new SettingChange(QueueSetting.MAX_LAG, "1 s"),
                    new SettingChange(QueueSetting.MAX_COUNT, "10"),
                    new SettingChange(QueueSetting.PAUSED, "on"),
                    new SettingChange(QueueSetting.ROTATION_PERIOD, "-1h"))));
  }

  @Test
  void consumers() {
    assertThat(parse("register consumer c"))
        .isEqualTo(
            new Command.Register("c", Optional.empty(), OptionalLong.empty(), Optional.empty()));
    assertThat(parse("register consumer c on q at 12"))
        .isEqualTo(
            new Command.Register("c", Optional.of("q"), OptionalLong.of(12), Optional.empty()));
    assertThat(parse("register consumer c copy d"))
        .isEqualTo(
            new Command.Register("c", Optional.empty(), OptionalLong.empty(), Optional.of("d")));
    assertThat(parse("unregister consumer * from q"))
        .isEqualTo(new Command.Unregister(Choice.ALL, Optional.of("q")));
    assertThat(parse("register subconsumer s for c on q"))
        .isEqualTo(new Command.RegisterSubconsumer("s", "c", Optional.of("q")));
    assertThat(parse("unregister subconsumer * for c close"))
        .isEqualTo(new Command.UnregisterSubconsumer(Choice.ALL, "c", Optional.empty(), true));
    assertThat(parse("unregister subconsumer s for c from q close batch"))
        .isEqualTo(new Command.UnregisterSubconsumer(Choice.of("s"), "c", Optional.of("q"), true));
    assertThat(parse("show consumer on q"))
        .isEqualTo(new Command.ShowConsumer(Choice.ALL, Optional.of(Choice.of("q"))));
    assertThat(parse("show node n on *"))
        .isEqualTo(new Command.ShowNode(Choice.of("n"), Optional.of(Choice.ALL)));
  }

  @Test
  void batches_by_id_and_by_consumer() {
    assertThat(parse("show batch 7 limit 2"))
        .isEqualTo(
            new Command.ShowBatch(
                OptionalLong.of(7), Optional.empty(), Optional.empty(), OptionalLong.of(2)));
    assertThat(parse("show batch 7up on q"))
        .isEqualTo(
            new Command.ShowBatch(
                OptionalLong.empty(), Optional.of("7up"), Optional.of("q"), OptionalLong.empty()));
    assertThat(parse("show batch \"7\""))
        .isEqualTo(
            new Command.ShowBatch(
                OptionalLong.empty(), Optional.of("7"), Optional.empty(), OptionalLong.empty()));
  }

  @Test
  void connections() {
    assertThat(parse("connect host=/run/pg,db2.x port=5432 Password='a b' queue=q;"))
        .isEqualTo(
            new Command.Connect(
                Optional.empty(),
                Map.of("host", "/run/pg,db2.x", "port", "5432", "password", "a b"),
                Optional.of("q"),
                Optional.empty()));
    assertThat(parse("connect 'postgresql://h/d' queue=q"))
        .isEqualTo(
            new Command.Connect(
                Optional.of("postgresql://h/d"), Map.of(), Optional.of("q"), Optional.empty()));
    assertThat(parse("connect queue=q node=n"))
        .isEqualTo(
            new Command.Connect(Optional.empty(), Map.of(), Optional.of("q"), Optional.of("n")));
  }

  @Test
  void londiste() {
    assertThat(
            parse(
                "londiste add table t, s.\"My Table\" with skip_truncate, tgflags='BI',"
                    + " ev_extra1='now(), 1'"))
        .isEqualTo(
            new Command.AddTables(
                List.of(new TableName("public", "t"), new TableName("s", "My Table")),
                List.of("skip_truncate", "tgflags=BI", "ev_extra1=now(), 1")));
    assertThat(parse("londiste remove sequence a,b"))
        .isEqualTo(
            new Command.ChangeObjects(
                Command.ChangeObjects.Change.REMOVE_SEQUENCE,
                List.of(new TableName("public", "a"), new TableName("public", "b"))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select 1",
        "create table queue (a int)",
        "drop schema pgq",
        "show work_mem",
        "show all",
        "alter table t set (fillfactor = 70)",
        "\"create\" queue q",
        "(select 1)",
        "1"
      })
  void other_statements_are_sql(String text) {
    assertThat(parse(text)).isEqualTo(new Command.PlainSql(statement(text)));
  }

  @Test
  void an_error_shows_its_position_and_what_was_expected() {
    UserError error = refused("register consumer c\n  onn q;");
    assertThat(error.problem())
        .isEqualTo(
            """
            expected ON, AT, COPY or the end of the command, found "onn"
            LINE 2:   onn q
                      ^\
            """);
    assertThat(error.hint()).isEqualTo("did you mean \"on\"?");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "create queue                     | expected the name of a queue, found the end",
        "create queue *                   | expected the name of a queue, found \"*\"",
        "create queue a b                 | expected the end of the command, found \"b\"",
        "drop queue a, b                  | expected the end of the command, found \",\"",
        "alter queue q max_lag=1          | expected SET, found \"max_lag\"",
        "alter queue q set                | expected the name of a setting",
        "alter queue q set max_lag        | expected '=', found the end",
        "alter queue q set max_lag=       | expected the value of max_lag, found the end",
        "alter queue q set max_lag=1 s    | expected ',' or the end of the command, found \"s\"",
        "alter queue q set max_lagg=1     | queues have no setting \"max_lagg\"; did you mean",
        "register q                       | expected SUBCONSUMER or CONSUMER, found \"q\"",
        "register subconsumer s of c      | expected FOR, found \"of\"",
        "register consumer c at x         | expected a number, found \"x\"",
        "register consumer c at 99999999999999999999 | this number is too large",
        "unregister consumer c on q       | expected FROM or the end of the command, found \"on\"",
        "unregister consumer E'c'         | expected '*' or the name of a consumer, found \"E'c'\"",
        "show batch                       | expected a number or the name of a consumer",
        "show batch 1 limit x             | expected a number, found \"x\"",
        "install                          | found the end of the command",
        "connect                          | expected dbname=, host=",
        "connect dbname                   | expected '=', found the end",
        "connect dbname=                  | expected the value of dbname, found the end",
        "londiste ad table t              | expected ADD, REMOVE, TABLES, SEQS or MISSING",
        "londiste add table t with tgflag=1 | cannot be added with \"tgflag\"; did you mean",
        "londiste add table t with skip=1 | expected ',' or the end of the command, found \"=\"",
        "show table .x                    | expected the name of a table, found \".\"",
        "show table \"\"                  | is not the name of a table",
        "exit now                         | expected the end of the command, found \"now\"",
        "\\d                              | unknown command \"\\d\""
      })
  void errors_are_described(String text, String problem) {
    assertThat(refused(text).problem()).contains(problem);
  }

  @ParameterizedTest
  @CsvSource({
    "regster consumer c, register",
    "crate queue q, create queue",
    "create queu q, create queue",
    "show queues, show queue",
    "show statos, show status",
    "londste tables, londiste"
  })
  void misspelled_commands_are_suggested(String text, String meant) {
    assertThat(CommandParser.nearestCommand(statement(text))).contains(meant);
  }

  @ParameterizedTest
  @ValueSource(strings = {"create tabel t", "selct 1", "show work_memm", "drop table t", "(x)"})
  void misspelled_sql_is_not_suggested(String text) {
    assertThat(CommandParser.nearestCommand(statement(text))).isEmpty();
  }

  @Test
  void every_form_of_the_help_is_understood() {
    for (CommandHelp.Entry entry : CommandHelp.ENTRIES) {
      assertThat(parse(entry.example())).as(entry.form()).isNotInstanceOf(Command.PlainSql.class);
      assertThat(entry.form()).startsWith(entry.example().split(" ", 2)[0].replace(";", ""));
      assertThat(CommandHelp.text()).contains(entry.form(), entry.meaning());
    }
  }
}
