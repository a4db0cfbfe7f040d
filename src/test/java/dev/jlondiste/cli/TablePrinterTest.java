package dev.jlondiste.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class TablePrinterTest {
  private static String print(List<List<String>> rows) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    TablePrinter.print(
        new PrintStream(out, true, StandardCharsets.UTF_8),
        "Sequences on node",
        List.of("seq_name", "local", "last_value"),
        rows);
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void columns_are_at_least_15_wide_and_as_wide_as_their_values() {
    assertThat(
            print(
                List.of(
                    List.of("public.items_id_seq", "False", "30500"),
                    List.of("public.lone_seq", "True", "30001"))))
        .isEqualTo(
            """
            Sequences on node
            seq_name             local            last_value
            -------------------  ---------------  ---------------
            public.items_id_seq  False            30500
            public.lone_seq      True             30001


            """);
  }

  @Test
  void without_rows_nothing_is_printed() {
    assertThat(print(List.of())).isEmpty();
  }
}
