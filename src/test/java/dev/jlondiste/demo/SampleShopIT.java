package dev.jlondiste.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.config.ConnectionString;
import dev.jlondiste.db.Database;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SampleShopIT {
  @ParameterizedTest
  @ValueSource(strings = {Servers.OLDEST, Servers.NEWEST})
  void the_load_runs_without_errors(String major) throws Exception {
    try (TestDatabase database = Servers.shared(major).createDatabase()) {
      Database shop = Database.direct(ConnectionString.parse(database.connectString()), "test");
      SampleShop.createTables(shop);
      SampleShop.fill(shop, 5000);
      long rows = SampleShop.count(shop).values().stream().mapToLong(Long::longValue).sum();
      assertThat(rows).isBetween(4500L, 5500L);

      try (ShopLoad load = ShopLoad.start(shop)) {
        await().atMost(Duration.ofSeconds(30)).until(() -> load.transactions() > 200);
        load.close();
        assertThat((Throwable) load.failure()).isNull();
      }
      assertThat(database.count("order_lines where order_id > 1000")).isPositive();
      assertThat(database.count("payments p join orders o on o.id = order_id where o.id > 1000"))
          .isPositive();
    }
  }
}
