package dev.jlondiste.cli;

import static java.util.Map.entry;

import dev.jlondiste.demo.Demo;
import dev.jlondiste.qadmin.QadminProgram;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The page {@code src/docs/commands.md}, written from the definitions behind {@code --help}. */
final class CommandsPage {
  private static final String PROGRAM = "londiste3";

  private static final String HEAD =
      """
      # Commands

      <!-- Generated from the help of the programs. Do not edit: change the help, then run
           %s -->

          londiste3 [options] INI COMMAND [arguments]

      `jlondiste`, `londiste3` and `londiste` are the same program. Options may stand anywhere.
      `INI` is the ini file of a node: see [Configuration](configuration.md). `--help` prints a
      summary of this page, `londiste3 COMMAND --help` one section of it. Exit codes: see
      [Errors](operations.md#errors).

      Other programs: [pgqd](#pgqd), the ticker; [qadmin](#qadmin), for queues with or without
      replicated tables; [jlondiste extension-files](#jlondiste-extension-files);
      [jlondiste queue_mover](#jlondiste-queue_mover), `queue_splitter` and `simple_consumer`, for
      queues alone; [jlondiste demo](#jlondiste-demo).
      """;

  private static final String QADMIN =
      """
      `qadmin` administers queues, with or without replicated tables. `jlondiste qadmin` is the
      same. Its commands resemble SQL, and it sends everything that it does not know to the server:

          qadmin -d qdb -c "install pgq; create queue test_queue;"
          qadmin -d qdb -Q test_queue -c "register consumer c1; show status;"
          qadmin -d qdb -c "alter queue test_queue set max_lag='1 second';"

      `-h`, `-p`, `-U` and the `PG*` variables mean the same as for `psql`; `-d` also accepts a
      connect string or URI. The first command that fails ends the program with exit code 1, except
      at a terminal.

      At a terminal the tab key completes commands and the names of queues, consumers and nodes, and
      the arrow keys bring back earlier lines, also of earlier sessions: they are kept in
      `$XDG_STATE_HOME/jlondiste/qadmin_history`, by default below `~/.local/state`, readable for
      the user only. Statements that may have a password are not kept.
      """;

  private static final String COMPANIONS =
      """
      `jlondiste queue_mover`, `jlondiste queue_splitter` and `jlondiste simple_consumer` consume one
      queue each; see [Queue programs](queue-programs.md). They are also installed under the names
      that they have in Skytools: `queue_mover3`, `queue_splitter3`, `simple_consumer3`. All have the
      same options:
      """;

  /** Where a page says more about a command than its help. */
  private static final Map<String, String> MORE =
      Map.ofEntries(
          entry(
              "add-table",
              "[The initial copy](initial-copy.md), [Capture](capture.md), [Merging](merging.md)"),
          entry("change-handler", "[Table handlers](handlers.md)"),
          entry("check", "[Inventory](operations.md#inventory)"),
          entry("compare", "[Compare](operations.md#compare)"),
          entry("create-root", "[Connect strings](configuration.md#connect-strings)"),
          entry("create-branch", "[Connect strings](configuration.md#connect-strings)"),
          entry("create-leaf", "[Connect strings](configuration.md#connect-strings)"),
          entry("drop-node", "[Drop a node](operations.md#drop-a-node)"),
          entry("fkeys", "[Indexes and foreign keys](initial-copy.md#indexes-and-foreign-keys)"),
          entry("install", "[The database code](database-code.md)"),
          entry("upgrade", "[Upgrade](database-code.md#upgrade)"),
          entry("uninstall", "[Uninstall](database-code.md#uninstall)"),
          entry("regenerate-triggers", "[Capture](capture.md#after-a-table-was-changed)"),
          entry("resync", "[The initial copy](initial-copy.md), [Merging](merging.md#the-copies)"),
          entry("show-handlers", "[Table handlers](handlers.md)"),
          entry("status", "[Status](operations.md#status)"),
          entry("tables", "[Capture](capture.md)"),
          entry("tag-dead", "[Stop and start](operations.md#stop-and-start)"),
          entry("wait-sync", "[Copies that fail](initial-copy.md#copies-that-fail)"),
          entry(
              "worker",
              "[Stop and start](operations.md#stop-and-start),"
                  + " [Lost position](operations.md#lost-position)"));

  private final Commands commands = new Commands();
  private final StringBuilder page = new StringBuilder();

  private CommandsPage() {}

  /**
   * Returns the whole page.
   *
   * @param regenerate the command that writes it, shown at its head
   */
  static String text(String regenerate) {
    return new CommandsPage().write(regenerate);
  }

  private String write(String regenerate) {
    page.append(HEAD.formatted(regenerate));
    for (CommandGroup group : CommandGroup.values()) {
      overview(group);
    }
    section("Options of all commands");
    table("option", options(CommandSpec.forAnnotatedObject(new CommonOptions())));
    for (CommandGroup group : CommandGroup.values()) {
      commands.in(group).forEach(this::command);
    }
    section("pgqd");
    line("`pgqd` is the ticker: it ticks the queues of the databases of a server.");
    code(printed(out -> PgqdProgram.run(List.of("-h"), out, out)));
    section("qadmin");
    page.append(QADMIN);
    code(printed(out -> qadmin(out, "--help")));
    line("");
    line("Commands of `qadmin`:");
    code(printed(out -> qadmin(out, "-c", "show help;")));
    section("jlondiste queue_mover");
    page.append(COMPANIONS);
    code(printed(out -> CompanionProgram.printHelp("jlondiste queue_mover", out)));
    section("jlondiste extension-files");
    line("See [The database code](database-code.md#as-extensions).");
    code(printed(out -> ExtensionFilesProgram.run(List.of("--help"), out, out)));
    section("jlondiste demo");
    line("Shows a migration on this machine, with servers of its own.");
    code(printed(out -> Demo.run(List.of("--help"), out, out)));
    return page.toString();
  }

  private void overview(CommandGroup group) {
    List<CommandSpec> all = commands.in(group).stream().map(CommandEntry::spec).toList();
    if (all.isEmpty()) {
      return;
    }
    section(group.heading());
    line("| command | |");
    line("|---|---|");
    for (CommandSpec spec : all) {
      String name = "`" + spec.name() + "`";
      String linked = "[" + name + "](#" + spec.name() + ")";
      line("| " + linked + " | " + cell(sentence(description(spec))) + " |");
    }
  }

  private void command(CommandEntry entry) {
    CommandSpec spec = entry.spec();
    section(spec.name());
    String aliases =
        Arrays.stream(spec.aliases())
            .map(alias -> " Also `" + alias + "`.")
            .collect(Collectors.joining());
    line(upperFirst(description(spec)) + "." + aliases);
    String help = printed(out -> HelpText.printOne(PROGRAM, entry.make().get(), out));
    code(help.lines().findFirst().orElseThrow().replaceFirst("^Usage: ", ""));
    List<String> rows = Stream.concat(arguments(spec).stream(), options(spec).stream()).toList();
    if (!rows.isEmpty()) {
      line("");
      table("argument or option", rows);
    }
    String footer = String.join(" ", spec.usageMessage().footer()).strip();
    if (!footer.isEmpty()) {
      line("");
      line(footer.replaceAll("(.{1,100})(?: |$)", "$1\n").strip());
    }
    if (MORE.containsKey(spec.name())) {
      line("");
      line("More: " + MORE.get(spec.name()) + ".");
    }
  }

  private static List<String> arguments(CommandSpec spec) {
    return spec.positionalParameters().stream()
        .filter(argument -> !argument.hidden() && argument.description().length > 0)
        .map(argument -> row(argument.paramLabel(), String.join(" ", argument.description())))
        .toList();
  }

  private static List<String> options(CommandSpec spec) {
    return spec.options().stream()
        .filter(option -> !option.hidden())
        .sorted(Comparator.comparing(option -> option.longestName().toLowerCase(Locale.ROOT)))
        .map(option -> row(names(option), String.join(" ", option.description())))
        .toList();
  }

  private static String names(OptionSpec option) {
    String value = option.arity().max() > 0 ? "=" + option.paramLabel() : "";
    return String.join(", ", option.names()) + value;
  }

  private static String row(String what, String meaning) {
    return "| `" + cell(what) + "` | " + cell(meaning) + " |";
  }

  private static String description(CommandSpec spec) {
    return String.join(" ", spec.usageMessage().description());
  }

  private static String sentence(String text) {
    return upperFirst(text);
  }

  private static String upperFirst(String text) {
    return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }

  private static String cell(String text) {
    return text.replace("|", "\\|");
  }

  private static int qadmin(PrintStream out, String... args) {
    return QadminProgram.run(List.of(args), false, InputStream.nullInputStream(), out, out);
  }

  private static String printed(Consumer<PrintStream> program) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    program.accept(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private void section(String title) {
    line("");
    line("## " + title);
    line("");
  }

  private void table(String first, List<String> rows) {
    line("| " + first + " | |");
    line("|---|---|");
    rows.forEach(this::line);
  }

  private void code(String text) {
    line("");
    text.stripTrailing()
        .lines()
        .forEach(code -> line(code.isBlank() ? "" : "    " + code.stripTrailing()));
  }

  private void line(String text) {
    page.append(text).append('\n');
  }
}
