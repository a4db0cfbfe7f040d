package dev.jlondiste.contract.pgqcoop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import org.junit.jupiter.api.Test;

@Contract("pgq_coop.register_subconsumer")
class RegisterSubconsumerIT extends CoopContract {
  @Test
  void a_subconsumer_shares_the_id_and_has_no_position() {
    queue("share");
    assertThat(value("select pgq_coop.register_subconsumer('share', 'main', 'a')")).isEqualTo("1");
    assertThat(value("select pgq_coop.register_subconsumer('share', 'main', 'a')")).isEqualTo("0");
    assertThat(value("select pgq_coop.register_subconsumer('share', 'main', 'b.c')"))
        .isEqualTo("1");
    assertThat(subscriptions("share"))
        .containsExactly("main shared positioned", "main.a shared idle", "main.b.c shared idle");
  }

  @Test
  void a_consumer_that_subscribes_already_keeps_its_position() {
    queue("kept");
    value("select pgq.register_consumer('kept', 'main')");
    event("kept", "1");
    value("select pgq_coop.register_subconsumer('kept', 'main', 'a')");
    assertThat(events(next("kept", "a"))).containsExactly("1");
  }

  @Test
  void one_with_an_open_batch_keeps_it() {
    queue("busy", "a");
    event("busy", "1");
    String batch = next("busy", "a");
    assertThat(value("select pgq_coop.register_subconsumer('busy', 'main', 'a')")).isEqualTo("0");
    assertThat(next("busy", "a")).isEqualTo(batch).isNotNull();
  }

  @Test
  void a_consumer_of_that_name_is_not_taken() {
    queue("own", "a");
    value("select pgq.register_consumer('own', 'main.lone')");
    Failure failure = failure("select pgq_coop.register_subconsumer('own', 'main', 'lone')");
    assertThat(failure.state()).isEqualTo("42710");
    assertThat(failure.message())
        .contains("\"main.lone\" of queue \"own\" is subscribed independently");
    assertThat(failure.hint()).isNotBlank();
    assertThat(subscriptions("own")).contains("main.lone own positioned");
  }

  @Test
  void a_subconsumer_has_none_of_its_own() {
    queue("deep", "a");
    Failure failure = failure("select pgq_coop.register_subconsumer('deep', 'main.a', 'b')");
    assertThat(failure.state()).isEqualTo("42809");
    assertThat(failure.hint()).isNotBlank();
    assertThat(subscriptions("deep")).hasSize(2);
  }

  @Test
  void names_and_queue_have_to_be_there() {
    queue("named");
    assertThat(failure("select pgq_coop.register_subconsumer('nosuch', 'main', 'a')").message())
        .isEqualTo("Event queue not created yet");
    for (String names : new String[] {"null, 'a'", "'main', null", "'main', ''", "'', 'a'"}) {
      Failure failure = failure("select pgq_coop.register_subconsumer('named', " + names + ")");
      assertThat(failure.state()).isEqualTo("22023");
      assertThat(failure.hint()).isNotBlank();
    }
    assertThat(subscriptions("named")).isEmpty();
  }

  @Test
  void readers_may_and_others_may_not() {
    queue("rights");
    assertOpenTo("pgq_reader", "select pgq_coop.register_subconsumer('rights', 'main', 'a')");
    assertRefusedTo("pgq_writer", "select pgq_coop.register_subconsumer('rights', 'main', 'b')");
  }
}
