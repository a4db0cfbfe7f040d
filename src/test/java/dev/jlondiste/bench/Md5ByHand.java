package dev.jlondiste.bench;

import dev.jlondiste.servers.TestDatabase;
import java.util.List;

/** What one would type instead of a comparison: a digest of all rows on both sides at once. */
final class Md5ByHand extends Contender {
  private static final String QUERY =
      "select count(*), sum(('x' || substr(md5(t::text), 1, 16))::bit(64)::bigint) from %s t";

  Md5ByHand(Stage stage) {
    super(stage);
  }

  /** The tables are equal, and stay so without writers. */
  @Override
  void follow(List<String> tables, List<TestDatabase> targets) {}

  @Override
  void compare(String table) {
    String query = QUERY.formatted(table);
    Program.shell(
        "psql -qX -d '%s' -c \"%s\" & psql -qX -d '%s' -c \"%s\"; wait"
            .formatted(
                stage.source().connectString(), query, stage.target().connectString(), query));
  }
}
