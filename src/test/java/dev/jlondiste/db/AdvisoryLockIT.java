package dev.jlondiste.db;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.config.ConnectionString;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import java.sql.Connection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdvisoryLockIT {
  /** Keys whose halves, and whose sign, must not be mixed up. */
  @ParameterizedTest
  @ValueSource(longs = {0, 1, -1, 0x1_0000_0000L, 0x8000_0000L, Long.MIN_VALUE, Long.MAX_VALUE})
  void its_holder_is_seen_from_another_session(long key) throws Exception {
    AdvisoryLock lock = new AdvisoryLock(key);
    try (TestDatabase test = Servers.newest().createDatabase();
        Database database =
            Database.direct(ConnectionString.parse(test.connectString()), "advisory lock");
        Connection one = database.open();
        Connection other = database.open()) {
      int pid = Sql.one(one, "select pg_catalog.pg_backend_pid()", row -> row.getInt(1));
      assertThat(lock.isHeld(other)).isFalse();
      assertThat(lock.tryHold(one)).isTrue();
      assertThat(lock.tryHold(other)).isFalse();
      assertThat(lock.holder(other)).contains(pid);
      assertThat(new AdvisoryLock(key ^ 0x1_0000_0000L).isHeld(other)).isFalse();
      lock.release(one);
      assertThat(lock.holder(other)).isEmpty();
      lock.holdInTransaction(one);
      assertThat(lock.holder(other)).contains(pid);
      one.rollback();
      assertThat(lock.holder(other)).isEmpty();
    }
  }

  /** Processes of different releases exclude each other. */
  @Test
  void the_key_of_a_name_stays() {
    assertThat(AdvisoryLock.named("jlondiste ticker").key()).isEqualTo(7414325290724965006L);
  }
}
