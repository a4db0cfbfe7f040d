package dev.jlondiste.qadmin;

import dev.jlondiste.admin.queues.QueueSetting;
import dev.jlondiste.admin.queues.SettingChange;
import dev.jlondiste.config.Spelling;
import dev.jlondiste.db.TableName;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.qadmin.Command.Choice;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/**
 * Parses statements. A statement that does not begin like a command is SQL; one that does must be a
 * complete command.
 */
final class CommandParser {
  static final String QUEUE = "the name of a queue";
  static final String CONSUMER = "the name of a consumer";
  static final String NODE = "the name of a node";
  static final String SETTING = "the name of a setting";
  static final String MODULES = "pgq, londiste, pgq_node, pgq_ext, pgq_coop";

  /** First words that always begin a command. */
  private static final List<String> COMMANDS =
      List.of("connect", "install", "register", "unregister", "londiste", "help", "exit", "quit");

  /**
   * First words that also begin SQL statements, each with the second words that make it a command.
   */
  private static final Map<String, List<String>> SQL_VERBS =
      Map.of(
          "create", List.of("queue"),
          "drop", List.of("queue"),
          "alter", List.of("queue"),
          "show",
              List.of(
                  "queue",
                  "consumer",
                  "node",
                  "batch",
                  "table",
                  "sequence",
                  "status",
                  "version",
                  "help"));

  /** Arguments of {@code add table} without a value; {@link #VALUED} are those with a value. */
  private static final List<String> FLAGS =
      List.of(
          "skip_truncate",
          "expect_sync",
          "backup",
          "skip",
          "no_triggers",
          "merge_all",
          "no_merge",
          "virtual_table");

  private static final List<String> VALUED = List.of("tgflags", "pkey", "when", "ignore");

  private final TokenCursor cursor;

  private CommandParser(Statement statement) {
    cursor = new TokenCursor(statement);
  }

  /** Throws {@link UserError} with the position of the error and what was expected there. */
  static Command parse(Statement statement) {
    String first = statement.word(0);
    boolean isCommand =
        COMMANDS.contains(first)
            || SQL_VERBS.getOrDefault(first, List.of()).contains(statement.word(1));
    if (isCommand) {
      CommandParser parser = new CommandParser(statement);
      Command command = parser.command(first);
      parser.cursor.expectEnd();
      return command;
    }
    return statement.text().startsWith("\\")
        ? backslashCommand(statement.text())
        : new Command.PlainSql(statement);
  }

  /** What is accepted in the place of the statement's last token, which no command accepts. */
  static Expectation expectation(Statement statement) {
    String first = statement.word(0);
    if (statement.tokens().size() == 1) {
      Set<String> beginnings = new TreeSet<>(COMMANDS);
      beginnings.addAll(SQL_VERBS.keySet());
      return new Expectation(beginnings, Set.of());
    }
    List<String> seconds = SQL_VERBS.getOrDefault(first, List.of());
    if (statement.tokens().size() == 2 && !seconds.isEmpty()) {
      return new Expectation(Set.copyOf(seconds), Set.of());
    }
    if (!COMMANDS.contains(first) && !seconds.contains(statement.word(1))) {
      return Expectation.NONE;
    }
    CommandParser parser = new CommandParser(statement);
    try {
      parser.command(first);
      parser.cursor.expectEnd();
      return Expectation.NONE;
    } catch (UserError e) {
      return parser.cursor.expectation();
    }
  }

  private static Command backslashCommand(String text) {
    return switch (text) {
      case "\\q" -> new Command.Exit();
      case "\\?", "\\h" -> new Command.ShowHelp();
      default ->
          throw new UserError(
              "unknown command \"" + text + "\"", "run 'show help;' for the list of commands");
    };
  }

  /**
   * Suggests the beginning of a command for a statement that the server did not recognize as SQL.
   */
  static Optional<String> nearestCommand(Statement statement) {
    String first = statement.word(0);
    if (SQL_VERBS.containsKey(first)) {
      return Spelling.nearest(statement.word(1), SQL_VERBS.get(first))
          .map(second -> first + " " + second);
    }
    List<String> beginnings = new ArrayList<>(COMMANDS);
    beginnings.addAll(SQL_VERBS.keySet());
    return Spelling.nearest(first, beginnings)
        .filter(
            candidate ->
                candidate.charAt(0) == first.charAt(0)) // otherwise "selct" would suggest "exit"
        .map(
            candidate ->
                SQL_VERBS.getOrDefault(candidate, List.of()).contains(statement.word(1))
                    ? candidate + " " + statement.word(1)
                    : candidate)
        .filter(candidate -> COMMANDS.contains(candidate) || candidate.contains(" "));
  }

  private Command command(String first) {
    cursor.expect(first);
    return switch (first) {
      case "connect" -> connect();
      case "install" -> new Command.Install(cursor.name(MODULES));
      case "create" -> new Command.CreateQueue(queue());
      case "drop" -> new Command.DropQueue(queue());
      case "alter" -> alterQueue();
      case "register" -> register();
      case "unregister" -> unregister();
      case "show" -> show();
      case "londiste" -> londiste();
      case "help" -> new Command.ShowHelp();
      default -> new Command.Exit();
    };
  }

  private String queue() {
    cursor.expect("queue");
    return cursor.name(QUEUE);
  }

  private Command connect() {
    Optional<String> string = cursor.acceptString();
    Map<String, String> pairs = new LinkedHashMap<>();
    while (!cursor.isAtEnd()) {
      String key = cursor.value("keyword=value", "=").toLowerCase(Locale.ROOT);
      cursor.expectSymbol('=');
      pairs.put(key, cursor.value("the value of " + key, ""));
    }
    Optional<String> queue = Optional.ofNullable(pairs.remove("queue"));
    Optional<String> node = Optional.ofNullable(pairs.remove("node"));
    if (string.isEmpty() && pairs.isEmpty() && queue.isEmpty()) {
      cursor.value(
          "dbname=, host=, port=, user=, password=, queue= or a connect string in quotes", "");
    }
    return new Command.Connect(string, pairs, queue, node);
  }

  private Command alterQueue() {
    cursor.expect("queue");
    Choice queue = choice(QUEUE);
    cursor.expect("set");
    List<SettingChange> changes = new ArrayList<>();
    do {
      QueueSetting setting = QueueSetting.named(cursor.name(SETTING));
      cursor.expectSymbol('=');
      changes.add(
          new SettingChange(setting, cursor.value("the value of " + setting.shortName(), ",")));
    } while (cursor.acceptSymbol(','));
    return new Command.AlterQueue(queue, changes);
  }

  private Command register() {
    if (cursor.accept("subconsumer")) {
      String subconsumer = cursor.name("the name of a subconsumer");
      cursor.expect("for");
      String consumer = cursor.name(CONSUMER);
      return new Command.RegisterSubconsumer(subconsumer, consumer, queueAfter("on"));
    }
    cursor.expect("consumer");
    String consumer = cursor.name(CONSUMER);
    Optional<String> queue = queueAfter("on");
    OptionalLong tick = OptionalLong.empty();
    Optional<String> copyOf = Optional.empty();
    if (cursor.accept("at")) {
      tick = OptionalLong.of(cursor.number());
    } else if (cursor.accept("copy")) {
      copyOf = Optional.of(cursor.name(CONSUMER));
    }
    return new Command.Register(consumer, queue, tick, copyOf);
  }

  private Command unregister() {
    if (cursor.accept("subconsumer")) {
      Choice subconsumer = choice("the name of a subconsumer");
      cursor.expect("for");
      String consumer = cursor.name(CONSUMER);
      Optional<String> queue = queueAfter("from");
      boolean close = cursor.accept("close");
      if (close) {
        cursor.accept("batch"); // an optional word
      }
      return new Command.UnregisterSubconsumer(subconsumer, consumer, queue, close);
    }
    cursor.expect("consumer");
    Choice consumer = choice(CONSUMER);
    return new Command.Unregister(consumer, queueAfter("from"));
  }

  private Command show() {
    if (cursor.accept("queue")) {
      return new Command.ShowQueue(
          cursor.isAtEnd() ? Optional.empty() : Optional.of(choice(QUEUE)));
    } else if (cursor.accept("consumer")) {
      return new Command.ShowConsumer(choiceBefore("on", CONSUMER), choiceAfter("on"));
    } else if (cursor.accept("node")) {
      return new Command.ShowNode(choiceBefore("on", NODE), choiceAfter("on"));
    } else if (cursor.accept("batch")) {
      return showBatch();
    } else if (cursor.accept("table")) {
      return new Command.ShowTable(object("the name of a table"));
    } else if (cursor.accept("sequence")) {
      return new Command.ShowSequence(object("the name of a sequence"));
    } else if (cursor.accept("status")) {
      return new Command.ShowStatus();
    } else if (cursor.accept("version")) {
      return new Command.ShowVersion();
    }
    cursor.expect("help");
    return new Command.ShowHelp();
  }

  private Command showBatch() {
    Optional<Long> id = cursor.acceptNumber();
    Optional<String> consumer =
        id.isPresent() ? Optional.empty() : Optional.of(cursor.name(CONSUMER));
    Optional<String> queue = id.isPresent() ? Optional.empty() : queueAfter("on");
    OptionalLong limit =
        cursor.accept("limit") ? OptionalLong.of(cursor.number()) : OptionalLong.empty();
    OptionalLong batch = id.map(OptionalLong::of).orElseGet(OptionalLong::empty);
    return new Command.ShowBatch(batch, consumer, queue, limit);
  }

  private Command londiste() {
    if (cursor.accept("add")) {
      return cursor.accept("table")
          ? addTables()
          : sequences(Command.ChangeObjects.Change.ADD_SEQUENCE);
    } else if (cursor.accept("remove")) {
      return cursor.accept("table")
          ? new Command.ChangeObjects(
              Command.ChangeObjects.Change.REMOVE_TABLE, objects("the name of a table"))
          : sequences(Command.ChangeObjects.Change.REMOVE_SEQUENCE);
    } else if (cursor.accept("tables")) {
      return new Command.ListObjects(Command.ListObjects.Kind.TABLES);
    } else if (cursor.accept("seqs")) {
      return new Command.ListObjects(Command.ListObjects.Kind.SEQUENCES);
    }
    cursor.expect("missing");
    return new Command.ListObjects(Command.ListObjects.Kind.MISSING);
  }

  private Command sequences(Command.ChangeObjects.Change change) {
    cursor.expect("sequence");
    return new Command.ChangeObjects(change, objects("the name of a sequence"));
  }

  private Command addTables() {
    List<TableName> tables = objects("the name of a table");
    List<String> arguments = new ArrayList<>();
    if (cursor.accept("with")) {
      do {
        arguments.add(triggerArgument());
      } while (cursor.acceptSymbol(','));
    }
    return new Command.AddTables(tables, arguments);
  }

  private String triggerArgument() {
    for (String flag : FLAGS) {
      if (cursor.accept(flag)) {
        return flag;
      }
    }
    for (String key : VALUED) {
      if (cursor.accept(key)) {
        return withValue(key);
      }
    }
    String key = cursor.name("ev_..=value").toLowerCase(Locale.ROOT);
    if (!key.startsWith("ev_")) {
      throw new UserError(
          "tables cannot be added with \"%s\"%s"
              .formatted(key, Spelling.guess(key, argumentNames())),
          "possible arguments: " + String.join(", ", argumentNames()) + ", ev_..");
    }
    return withValue(key);
  }

  private static List<String> argumentNames() {
    List<String> names = new ArrayList<>(FLAGS);
    names.addAll(VALUED);
    return names;
  }

  private String withValue(String key) {
    cursor.expectSymbol('=');
    return key + "=" + cursor.value("the value of " + key, ",");
  }

  private Optional<String> queueAfter(String keyword) {
    return cursor.accept(keyword) ? Optional.of(cursor.name(QUEUE)) : Optional.empty();
  }

  private Optional<Choice> choiceAfter(String keyword) {
    return cursor.accept(keyword) ? Optional.of(choice(QUEUE)) : Optional.empty();
  }

  /** All, if the keyword follows directly. */
  private Choice choiceBefore(String keyword, String what) {
    return cursor.isAtEnd() || cursor.isNext(keyword) ? Choice.ALL : choice(what);
  }

  private Choice choice(String what) {
    return cursor.acceptSymbol('*') ? Choice.ALL : Choice.of(cursor.name(what));
  }

  private List<TableName> objects(String what) {
    List<TableName> names = new ArrayList<>();
    do {
      names.add(object(what));
    } while (cursor.acceptSymbol(','));
    return names;
  }

  private TableName object(String what) {
    String text = cursor.name(what);
    try {
      return TableName.parse(text);
    } catch (IllegalArgumentException e) {
      throw new UserError("\"" + text + "\" is not " + what, "write schema.name, or name");
    }
  }
}
