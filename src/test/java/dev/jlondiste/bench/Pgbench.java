package dev.jlondiste.bench;

import dev.jlondiste.servers.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** TPC-B of {@code pgbench}. Its history table gets a primary key, which all contenders need. */
final class Pgbench {
  static final List<String> TABLES =
      List.of(
          "public.pgbench_accounts",
          "public.pgbench_branches",
          "public.pgbench_tellers",
          "public.pgbench_history");

  /** Row changes of a transaction: three updates and one insert. */
  static final int CHANGES = 4;

  static final int CLIENTS = 4;

  private static final Pattern TPS = Pattern.compile("(?m)^tps = ([0-9.]+) \\(without");

  private Pgbench() {}

  static void create(TestDatabase database, int scale) {
    Program.run(command(database, "-i", "-q", "-s", Integer.toString(scale)));
    database.execute("alter table pgbench_history add hid bigserial primary key");
  }

  /** Creates the same rows on source and targets. */
  static void create(Stage stage, int scale) {
    create(stage.source(), scale);
    stage.targets().forEach(target -> create(target, scale));
  }

  /** The rate that pgbench reports. */
  static double tps(TestDatabase database, String... options) {
    String out = run(database, options);
    Matcher tps = TPS.matcher(out);
    if (!tps.find()) {
      throw new IllegalStateException("no rate in the output of pgbench:  " + out);
    }
    return Double.parseDouble(tps.group(1));
  }

  static String run(TestDatabase database, String... options) {
    List<String> words = new ArrayList<>(List.of("-n", "-c", "" + CLIENTS, "-j", "2"));
    words.addAll(List.of(options));
    return Program.run(command(database, words.toArray(String[]::new)));
  }

  static List<String> command(TestDatabase database, String... words) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "pgbench",
                "-h",
                database.server().host(),
                "-p",
                Integer.toString(database.server().port()),
                "-U",
                "postgres"));
    command.addAll(List.of(words));
    command.add(database.name());
    return command;
  }
}
