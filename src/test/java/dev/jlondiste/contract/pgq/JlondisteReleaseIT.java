package dev.jlondiste.contract.pgq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jlondiste.contract.Contract;
import java.util.List;
import org.junit.jupiter.api.Test;

@Contract("pgq.jlondiste_release")
class JlondisteReleaseIT extends PgqContract {
  @Test
  void onlyOursHasARelease() {
    assertThat(declarations())
        .isEqualTo(
            installation().isOurs()
                ? List.of("jlondiste_release() returns text immutable")
                : List.of());
  }

  @Test
  void theInstallerCanCompareIt() {
    assumeTrue(installation().isOurs());

    assertThat(value("select pgq.jlondiste_release()")).matches("\\d+(\\.\\d+)+");
    assertThat(callers()).isEqualTo(EVERYBODY);
  }
}
