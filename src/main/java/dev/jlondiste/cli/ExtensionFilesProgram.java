package dev.jlondiste.cli;

import dev.jlondiste.admin.schema.ExtensionFiles;
import dev.jlondiste.fault.Hint;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code jlondiste extension-files DIRECTORY}: writes the extension files. It needs neither an ini
 * file nor a database.
 */
public final class ExtensionFilesProgram {
  private ExtensionFilesProgram() {}

  @Command(
      name = "jlondiste extension-files",
      description = "write the database code as extensions, for the server's extension directory")
  private static final class Arguments {
    @Parameters(
        paramLabel = "DIRECTORY",
        description =
            "target, created if missing. The server's own is $(pg_config --sharedir)/extension")
    private Path directory;

    @Option(
        names = {"-h", "--help"},
        usageHelp = true,
        description = "show this help and exit")
    private boolean help;
  }

  /** Returns one of {@link ExitCode}. */
  public static int run(List<String> args, PrintStream out, PrintStream err) {
    Arguments words = new Arguments();
    CommandLine line = new CommandLine(words);
    try {
      line.parseArgs(args.toArray(new String[0]));
    } catch (CommandLine.ParameterException e) {
      err.println("jlondiste extension-files: error: " + e.getMessage());
      line.usage(err, Help.Ansi.OFF);
      return ExitCode.USAGE;
    }
    if (words.help) {
      line.usage(out, Help.Ansi.OFF);
      return ExitCode.DONE;
    }
    try {
      ExtensionFiles.write(words.directory).forEach(out::println);
      return ExitCode.DONE;
    } catch (IOException e) {
      err.println(
          Hint.after(
              "ERROR: cannot write extension files: " + e,
              "may this user write to " + words.directory.toAbsolutePath() + "?"));
      return ExitCode.FAILED;
    }
  }
}
