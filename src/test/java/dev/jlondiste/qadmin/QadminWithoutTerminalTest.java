package dev.jlondiste.qadmin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Scripts need no JLine, and get no escape codes. */
class QadminWithoutTerminalTest {
  @Test
  void commands_and_scripts_run_without_the_library_of_the_terminal() throws Exception {
    assertThat(run("", "-c", "show help;")).startsWith("Commands end with a semicolon");
    assertThat(run("show help;\n")).startsWith("Commands end with a semicolon");
  }

  private static String run(String input, String... options)
      throws IOException, InterruptedException {
    String classPath =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(place -> !place.contains("jline"))
            .collect(Collectors.joining(File.pathSeparator));
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djlondiste.program=qadmin",
                "-Djlondiste.terminal=true",
                "-Djlondiste.keyboard=" + (options.length > 0),
                "-cp",
                classPath,
                "dev.jlondiste.Main"));
    command.addAll(List.of(options));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output).doesNotContain("\u001b");
    return output;
  }
}
