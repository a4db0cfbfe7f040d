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

/**
 * From the words of a statement to a command. What does not begin like one of ours is SQL; what
 * does has to be right to its end.
 */
final class CommandParser {
  private static final String QUEUE = "the name of a queue";
  private static final String CONSUMER = "the name of a consumer";

  /** First words that are ours whatever follows. */
  private static final List<String> OURS =
      List.of("connect", "install", "register", "unregister", "londiste", "help", "exit", "quit");

  /** First words that SQL has, too, and the second ones that make them ours. */
  private static final Map<String, List<String>> SHARED =
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

  /** Arguments of {@code add table} that stand alone, and those that take a value. */
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

  private final TokenCursor at;

  private CommandParser(Statement statement) {
    at = new TokenCursor(statement);
  }

  /** Throws {@link UserError} with the place where it is wrong, and what would be right. */
  static Command parse(Statement statement) {
    String first = statement.word(0);
    boolean ours =
        OURS.contains(first) || SHARED.getOrDefault(first, List.of()).contains(statement.word(1));
    if (ours) {
      CommandParser parser = new CommandParser(statement);
      Command command = parser.command(first);
      parser.at.expectEnd();
      return command;
    }
    return statement.text().startsWith("\\")
        ? backslashCommand(statement.text())
        : new Command.PlainSql(statement);
  }

  private static Command backslashCommand(String text) {
    return switch (text) {
      case "\\q" -> new Command.Exit();
      case "\\?", "\\h" -> new Command.ShowHelp();
      default ->
          throw new UserError(
              "unknown command \"" + text + "\"",
              "commands are words and end with a semicolon; show help; lists them");
    };
  }

  /** The beginning of a command that somebody may have meant whose SQL the server did not take. */
  static Optional<String> resembling(Statement statement) {
    String first = statement.word(0);
    if (SHARED.containsKey(first)) {
      return Spelling.nearest(statement.word(1), SHARED.get(first))
          .map(second -> first + " " + second);
    }
    List<String> beginnings = new ArrayList<>(OURS);
    beginnings.addAll(SHARED.keySet());
    return Spelling.nearest(first, beginnings)
        .filter(near -> near.charAt(0) == first.charAt(0)) // or "selct" would be "exit"
        .map(
            near ->
                SHARED.getOrDefault(near, List.of()).contains(statement.word(1))
                    ? near + " " + statement.word(1)
                    : near)
        .filter(near -> OURS.contains(near) || near.contains(" "));
  }

  private Command command(String first) {
    at.expect(first);
    return switch (first) {
      case "connect" -> connect();
      case "install" -> new Command.Install(at.name("pgq, londiste, pgq_node, pgq_ext, pgq_coop"));
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
    at.expect("queue");
    return at.name(QUEUE);
  }

  private Command connect() {
    Optional<String> string = at.acceptString();
    Map<String, String> pairs = new LinkedHashMap<>();
    while (!at.isAtEnd()) {
      String key = at.value("keyword=value", "=").toLowerCase(Locale.ROOT);
      at.expectSymbol('=');
      pairs.put(key, at.value("the value of " + key, ""));
    }
    Optional<String> queue = Optional.ofNullable(pairs.remove("queue"));
    Optional<String> node = Optional.ofNullable(pairs.remove("node"));
    if (string.isEmpty() && pairs.isEmpty() && queue.isEmpty()) {
      at.value("dbname=, host=, port=, user=, password=, queue= or a connect string in quotes", "");
    }
    return new Command.Connect(string, pairs, queue, node);
  }

  private Command alterQueue() {
    at.expect("queue");
    Choice queue = choice(QUEUE);
    at.expect("set");
    List<SettingChange> changes = new ArrayList<>();
    do {
      QueueSetting setting = QueueSetting.named(at.name("the name of a setting"));
      at.expectSymbol('=');
      changes.add(new SettingChange(setting, at.value("the value of " + setting.shortName(), ",")));
    } while (at.acceptSymbol(','));
    return new Command.AlterQueue(queue, changes);
  }

  private Command register() {
    if (at.accept("subconsumer")) {
      String subconsumer = at.name("the name of a subconsumer");
      at.expect("for");
      String consumer = at.name(CONSUMER);
      return new Command.RegisterSubconsumer(subconsumer, consumer, queueAfter("on"));
    }
    at.expect("consumer");
    String consumer = at.name(CONSUMER);
    Optional<String> queue = queueAfter("on");
    OptionalLong tick = OptionalLong.empty();
    Optional<String> copyOf = Optional.empty();
    if (at.accept("at")) {
      tick = OptionalLong.of(at.number());
    } else if (at.accept("copy")) {
      copyOf = Optional.of(at.name(CONSUMER));
    }
    return new Command.Register(consumer, queue, tick, copyOf);
  }

  private Command unregister() {
    if (at.accept("subconsumer")) {
      Choice subconsumer = choice("the name of a subconsumer");
      at.expect("for");
      String consumer = at.name(CONSUMER);
      Optional<String> queue = queueAfter("from");
      boolean close = at.accept("close");
      if (close) {
        at.accept("batch"); // says nothing more
      }
      return new Command.UnregisterSubconsumer(subconsumer, consumer, queue, close);
    }
    at.expect("consumer");
    Choice consumer = choice(CONSUMER);
    return new Command.Unregister(consumer, queueAfter("from"));
  }

  private Command show() {
    if (at.accept("queue")) {
      return new Command.ShowQueue(at.isAtEnd() ? Optional.empty() : Optional.of(choice(QUEUE)));
    } else if (at.accept("consumer")) {
      return new Command.ShowConsumer(choiceBefore("on", CONSUMER), choiceAfter("on"));
    } else if (at.accept("node")) {
      return new Command.ShowNode(choiceBefore("on", "the name of a node"), choiceAfter("on"));
    } else if (at.accept("batch")) {
      return showBatch();
    } else if (at.accept("table")) {
      return new Command.ShowTable(object("the name of a table"));
    } else if (at.accept("sequence")) {
      return new Command.ShowSequence(object("the name of a sequence"));
    } else if (at.accept("status")) {
      return new Command.ShowStatus();
    } else if (at.accept("version")) {
      return new Command.ShowVersion();
    }
    at.expect("help");
    return new Command.ShowHelp();
  }

  private Command showBatch() {
    Optional<Long> id = at.acceptNumber();
    Optional<String> consumer = id.isPresent() ? Optional.empty() : Optional.of(at.name(CONSUMER));
    Optional<String> queue = id.isPresent() ? Optional.empty() : queueAfter("on");
    OptionalLong limit = at.accept("limit") ? OptionalLong.of(at.number()) : OptionalLong.empty();
    OptionalLong batch = id.map(OptionalLong::of).orElseGet(OptionalLong::empty);
    return new Command.ShowBatch(batch, consumer, queue, limit);
  }

  private Command londiste() {
    if (at.accept("add")) {
      return at.accept("table")
          ? addTables()
          : sequences(Command.ChangeObjects.Change.ADD_SEQUENCE);
    } else if (at.accept("remove")) {
      return at.accept("table")
          ? new Command.ChangeObjects(
              Command.ChangeObjects.Change.REMOVE_TABLE, objects("the name of a table"))
          : sequences(Command.ChangeObjects.Change.REMOVE_SEQUENCE);
    } else if (at.accept("tables")) {
      return new Command.ListObjects(Command.ListObjects.Kind.TABLES);
    } else if (at.accept("seqs")) {
      return new Command.ListObjects(Command.ListObjects.Kind.SEQUENCES);
    }
    at.expect("missing");
    return new Command.ListObjects(Command.ListObjects.Kind.MISSING);
  }

  private Command sequences(Command.ChangeObjects.Change change) {
    at.expect("sequence");
    return new Command.ChangeObjects(change, objects("the name of a sequence"));
  }

  private Command addTables() {
    List<TableName> tables = objects("the name of a table");
    List<String> arguments = new ArrayList<>();
    if (at.accept("with")) {
      do {
        arguments.add(triggerArgument());
      } while (at.acceptSymbol(','));
    }
    return new Command.AddTables(tables, arguments);
  }

  private String triggerArgument() {
    for (String flag : FLAGS) {
      if (at.accept(flag)) {
        return flag;
      }
    }
    for (String key : VALUED) {
      if (at.accept(key)) {
        return withValue(key);
      }
    }
    String key = at.name("ev_..=value").toLowerCase(Locale.ROOT);
    if (!key.startsWith("ev_")) {
      throw new UserError(
          "tables cannot be added with \"%s\"%s"
              .formatted(key, Spelling.guess(key, argumentNames())),
          "what there is: " + String.join(", ", argumentNames()) + ", ev_..");
    }
    return withValue(key);
  }

  private static List<String> argumentNames() {
    List<String> names = new ArrayList<>(FLAGS);
    names.addAll(VALUED);
    return names;
  }

  private String withValue(String key) {
    at.expectSymbol('=');
    return key + "=" + at.value("the value of " + key, ",");
  }

  private Optional<String> queueAfter(String keyword) {
    return at.accept(keyword) ? Optional.of(at.name(QUEUE)) : Optional.empty();
  }

  private Optional<Choice> choiceAfter(String keyword) {
    return at.accept(keyword) ? Optional.of(choice(QUEUE)) : Optional.empty();
  }

  /** All, when nothing stands before the keyword. */
  private Choice choiceBefore(String keyword, String what) {
    return at.isAtEnd() || at.isNext(keyword) ? Choice.ALL : choice(what);
  }

  private Choice choice(String what) {
    return at.acceptSymbol('*') ? Choice.ALL : Choice.of(at.name(what));
  }

  private List<TableName> objects(String what) {
    List<TableName> names = new ArrayList<>();
    do {
      names.add(object(what));
    } while (at.acceptSymbol(','));
    return names;
  }

  private TableName object(String what) {
    String text = at.name(what);
    try {
      return TableName.parse(text);
    } catch (IllegalArgumentException e) {
      throw new UserError("\"" + text + "\" is not " + what, "write schema.name, or name");
    }
  }
}
