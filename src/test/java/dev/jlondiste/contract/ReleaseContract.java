package dev.jlondiste.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Each schema reports our release, by which the installer recognizes what is installed. */
public abstract class ReleaseContract extends ContractTest {
  @Test
  void only_ours_has_a_release() {
    assertThat(declarations())
        .isEqualTo(
            installation().isOurs()
                ? List.of("jlondiste_release() returns text immutable")
                : List.of());
  }

  @Test
  void everybody_may_compare_it() {
    assumeOurs("a function of ours");

    assertThat(value("select " + function() + "()")).matches("\\d+(\\.\\d+)+");
    assertThat(callers()).isEqualTo(EVERYBODY);
  }

  @Test
  void all_schemas_are_of_one_release() {
    assumeOurs("a function of ours");

    assertThat(value("select " + function() + "()"))
        .isEqualTo(value("select pgq.jlondiste_release()"));
  }
}
