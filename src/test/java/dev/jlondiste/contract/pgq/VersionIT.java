package dev.jlondiste.contract.pgq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import org.junit.jupiter.api.Test;

@Contract("pgq.version")
class VersionIT extends PgqContract {
  @Test
  void isDeclaredAsClientsKnowIt() {
    assertThat(declarations()).containsExactly("version() returns text");
    assertThat(callers()).isEqualTo(EVERYBODY);
  }

  @Test
  void tickersFindANewInterface() {
    assertThat(value("select pgq.version()"))
        .as("a ticker ignores databases where it is null or begins lower")
        .startsWith("3.")
        .isGreaterThanOrEqualTo("3.5");
  }
}
