package dev.jlondiste.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerbosityTest {
  @ParameterizedTest
  @CsvSource({
    "false, 0, NORMAL, INFO, false",
    "true, 0, QUIET, WARN, false",
    "false, 1, VERBOSE, DEBUG, true",
    "true, 2, TRACE, TRACE, true"
  })
  void options_choose_level_and_traces(
      boolean quiet, int verbose, Verbosity expected, String level, boolean traces) {
    Verbosity verbosity = Verbosity.of(quiet, verbose);
    assertThat(verbosity).isEqualTo(expected);
    assertThat(verbosity.level()).hasToString(level);
    assertThat(verbosity.showsTraces()).isEqualTo(traces);
  }
}
