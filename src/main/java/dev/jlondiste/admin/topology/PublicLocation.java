package dev.jlondiste.admin.topology;

import dev.jlondiste.config.ConnectionString;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Warns of a public connect string that other machines cannot use. */
final class PublicLocation {
  private static final Logger log = LoggerFactory.getLogger(PublicLocation.class);

  private PublicLocation() {}

  static void warn(ConnectionString location) {
    if (!location.namesHost()) {
      log.warn("No host= in public connect string, bad idea");
    } else if (location.isLoopback()) {
      log.warn(
          "public connect string '{}' names a loopback address: only programs on this machine can use it",
          location.masked());
    }
  }
}
