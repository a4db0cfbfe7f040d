package dev.jlondiste.contract.pgq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import dev.jlondiste.contract.ContractTest;
import org.junit.jupiter.api.Test;

@Contract("pgq.finish_batch")
class FinishBatchIT extends ContractTest {
  @Test
  void aBatchThatNobodyHasIsToldAndHarmless() {
    Answer answer = ask("select pgq.finish_batch(?)", 987654321L);

    assertThat(answer.rows()).containsExactly(java.util.List.of("0"));
    assertThat(answer.warnings())
        .containsExactly("WARNING: finish_batch: batch 987654321 not found");
  }
}
