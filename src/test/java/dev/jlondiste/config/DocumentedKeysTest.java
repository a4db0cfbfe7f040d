package dev.jlondiste.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads the keys and ini files that the documentation shows. */
class DocumentedKeysTest {
  private static final Pattern ROW = Pattern.compile("(?m)^\\| (`[^|]+) \\| ([^|]+) \\|");
  private static final Pattern FILE =
      Pattern.compile("cat > (\\S+) <<END\n(.*?)END\n", Pattern.DOTALL);

  @TempDir Path directory;

  @Test
  void the_page_of_configuration_shows_keys_and_defaults_of_the_sample() throws IOException {
    String page = Files.readString(Path.of("src/docs/configuration.md"));
    String table = page.substring(page.indexOf("| key |"), page.indexOf("## Connect strings"));
    String sample = SampleIni.node("londiste3", Map.of());
    List<MatchResult> rows = ROW.matcher(table).results().toList();
    assertThat(rows).hasSizeGreaterThan(10);
    for (MatchResult row : rows) {
      String[] keys = row.group(1).split(", ");
      String[] defaults = row.group(2).split(", ");
      for (int i = 0; i < keys.length; i++) {
        String key = keys[i].replace("`", "");
        String value = defaults[Math.min(i, defaults.length - 1)];
        boolean words = value.startsWith("none") || value.startsWith("name of");
        assertThat(sample).contains("#" + key + " =" + (words ? "" : " " + value + "\n"));
      }
    }
  }

  @Test
  void the_ini_files_of_the_walkthrough_are_read_without_warning() throws IOException {
    String readme = Files.readString(Path.of("README.md"));
    List<MatchResult> files = FILE.matcher(readme).results().toList();
    assertThat(files).extracting(file -> file.group(1)).containsExactly("ticker.ini", "old.ini");
    Path ticker = write(files.get(0));
    assertThat(TickerSettings.read(ticker, Map.of()).warnings()).isEmpty();
    Path node = write(files.get(1));
    assertThat(NodeSettings.read(node, Map.of(), List.of("londiste3")).warnings()).isEmpty();
  }

  private Path write(MatchResult file) throws IOException {
    return Files.writeString(directory.resolve(file.group(1)), file.group(2));
  }
}
