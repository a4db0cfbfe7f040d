package dev.jlondiste.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jlondiste.contract.Installation;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Table properties that require row-level capture; the events are correct with both levels. */
class CaptureLevelIT {
  private static final String NO_SINCE = "no transition tables before PostgreSQL 10";

  static Stream<Arguments> everywhere() {
    return Hazard.all().stream()
        .flatMap(
            hazard ->
                Arrays.stream(Installation.values())
                    .filter(Installation::isOurs)
                    .map(installation -> Arguments.of(hazard, installation)));
  }

  @ParameterizedTest(name = "{0} on {1}")
  @MethodSource("everywhere")
  void level_is_decided_and_events_make_the_table(Hazard hazard, Installation installation) {
    try (CapturedDatabase db = new CapturedDatabase(installation)) {
      long version =
          db.database().number("select current_setting('server_version_num')::int / 10000");
      assumeTrue(version >= hazard.since(), "not on this server");
      db.execute(hazard.schema());
      assertThat(db.add("t", "capture=auto")).matches("(200|301) Table added: public\\.t.*");
      assertThat(db.capture("t"))
          .isEqualTo(version >= 10 ? hazard.level() : "row (" + NO_SINCE + ")");
      for (String statement : hazard.statements()) {
        db.execute(statement);
      }
      db.assertEventsProduce("t");
      assertThat(db.capture("t")).doesNotContain("stale");
    }
  }
}
