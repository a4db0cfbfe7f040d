package dev.jlondiste.bench;

import dev.jlondiste.servers.Reference;
import dev.jlondiste.servers.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The original Londiste: its extensions, londiste and pgqd. */
final class LondisteReference extends LondisteContender {
  LondisteReference(Stage stage) {
    super(stage);
  }

  @Override
  String londiste() {
    return Reference.londiste().toString();
  }

  @Override
  void installInto(TestDatabase database) {
    Reference.install(database);
  }

  @Override
  List<String> rootSettings() {
    return List.of();
  }

  @Override
  void startTicker() {
    String address = stage.source().connectString();
    Path ini = stage.directory().resolve("ticker.ini");
    try {
      Files.write(
          ini,
          List.of(
              "[pgqd]",
              "base_connstr = " + address.substring(0, address.indexOf(" dbname=")),
              "database_list = " + stage.source().name(),
              "logfile = " + stage.directory().resolve("ticker.log"),
              "pidfile = " + stage.directory().resolve("ticker.pid")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    stage.start("ticker", Map.of(), List.of(Reference.pgqd().toString(), ini.toString()));
  }
}
