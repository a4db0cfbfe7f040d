package dev.jlondiste.admin.scripts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jlondiste.replica.script.Script;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScriptSourceTest {
  @TempDir private Path directory;

  private Path file(String name, byte[] bytes) throws Exception {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.write(file, bytes);
  }

  @Test
  void a_script_is_named_after_its_file() throws Exception {
    Path file = file("sub/add col.sql", "\uFEFFselect 'ä';".getBytes(StandardCharsets.UTF_8));
    assertThat(ScriptSource.files(List.of(file)))
        .containsExactly(new Script("add col.sql", "select 'ä';", Optional.empty()));
  }

  @Test
  void files_that_cannot_be_scripts_are_refused() throws Exception {
    Path one = file("a/x.sql", "select 1".getBytes(StandardCharsets.UTF_8));
    Path two = file("b/x.sql", "select 2".getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> ScriptSource.files(List.of(one, two)))
        .hasMessage("two files have the name x.sql");
    Path latin = file("latin.sql", new byte[] {'-', '-', (byte) 0xe4});
    assertThatThrownBy(() -> ScriptSource.files(List.of(latin)))
        .hasMessageContaining("not in UTF-8");
    Path none = directory.resolve("nofile.sql");
    assertThatThrownBy(() -> ScriptSource.files(List.of(none)))
        .hasMessage("No such file or directory: '" + none + "'");
    assertThatThrownBy(() -> ScriptSource.files(List.of(directory)))
        .hasMessageStartingWith("cannot read '" + directory);
    assertThatThrownBy(() -> ScriptSource.text("select 1", Optional.of("a/b")))
        .hasMessage("not a name of a script: 'a/b'");
  }

  @Test
  void the_name_of_a_text_depends_on_the_text() {
    Script script = ScriptSource.text("select 1", Optional.empty());
    assertThat(script.name()).matches("sql-[0-9a-f]{12}\\.sql");
    assertThat(ScriptSource.text("select 1", Optional.empty())).isEqualTo(script);
    assertThat(ScriptSource.text("select 2", Optional.empty()).name()).isNotEqualTo(script.name());
    assertThat(ScriptSource.text("select 1", Optional.of("one")).name()).isEqualTo("one");
  }
}
