package dev.jlondiste.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class LogSubjectTest {
  @Test
  void a_subject_lasts_until_closed_and_threads_inherit_it() throws InterruptedException {
    AtomicReference<String> ofHelper = new AtomicReference<>();
    Thread helper;
    try (LogSubject outer = LogSubject.of("public.t")) {
      try (LogSubject inner = LogSubject.of("public.u")) {
        helper = new Thread(LogSubject.inherit(() -> ofHelper.set(MDC.get(LogSubject.KEY))));
      }
      assertThat(MDC.get(LogSubject.KEY)).isEqualTo("public.t");
    }
    assertThat(MDC.get(LogSubject.KEY)).isNull();
    helper.start();
    helper.join();
    assertThat(ofHelper.get()).isEqualTo("public.u");
  }
}
