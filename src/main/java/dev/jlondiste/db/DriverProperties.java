package dev.jlondiste.db;

import dev.jlondiste.config.ConnectionTarget;
import dev.jlondiste.config.ServerAddress;
import dev.jlondiste.fault.UserError;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Translates libpq's connect string keywords to properties of the JDBC driver. */
final class DriverProperties {
  /** Limits the wait of a daemon; libpq waits indefinitely by default. */
  static final int DEFAULT_CONNECT_TIMEOUT_S = 10;

  private static final Logger log = LoggerFactory.getLogger(DriverProperties.class);
  private static final AtomicBoolean fallbackLogged = new AtomicBoolean();

  /** Keywords that differ in name only; the methods below translate the others. */
  private static final Map<String, String> RENAMED =
      Map.of(
          "options", "options",
          "sslcert", "sslcert",
          "sslkey", "sslkey",
          "sslpassword", "sslpassword",
          "sslnegotiation", "sslNegotiation",
          "gssencmode", "gssEncMode",
          "krbsrvname", "kerberosServerName",
          "channel_binding", "channelBinding",
          "require_auth", "requireAuth");

  private static final Map<String, String> SERVER_TYPES =
      Map.of(
          "any", "any",
          "read-write", "primary",
          "primary", "primary",
          "read-only", "secondary",
          "standby", "secondary",
          "prefer-standby", "preferSecondary");

  private DriverProperties() {}

  static Properties of(ConnectionTarget target, String applicationName) {
    Properties driver = new Properties();
    driver.setProperty("user", target.user());
    target.passwords().get(0).ifPresent(password -> driver.setProperty("password", password));
    driver.setProperty("PGDBNAME", target.database());
    driver.setProperty(
        "ApplicationName",
        target
            .value("application_name")
            .orElse(
                applicationName.isEmpty()
                    ? target.value("fallback_application_name").orElse("jlondiste")
                    : applicationName));
    driver.setProperty("stringtype", "unspecified");
    driver.setProperty("assumeMinServerVersion", "9.4");
    driver.setProperty("reWriteBatchedInserts", "false");
    RENAMED.forEach((ours, theirs) -> target.value(ours).ifPresent(v -> driver.put(theirs, v)));
    timeouts(driver, target);
    serverChoice(driver, target);
    if (!socket(driver, target)) {
      network(driver, target);
    }
    return driver;
  }

  private static void timeouts(Properties driver, ConnectionTarget target) {
    String seconds = Integer.toString(connectTimeout(target));
    driver.setProperty("connectTimeout", seconds);
    // Also limits a server that accepts but never answers. The limit covers all hosts together.
    int all = connectTimeout(target) * target.servers().size();
    driver.setProperty("loginTimeout", Integer.toString(all));
  }

  /** Connection timeout for one host in seconds; 0: no limit. */
  static int connectTimeout(ConnectionTarget target) {
    return number(target, "connect_timeout", DEFAULT_CONNECT_TIMEOUT_S);
  }

  private static int number(ConnectionTarget target, String keyword, int defaultValue) {
    String text = target.value(keyword).orElse("" + defaultValue).strip();
    if (!text.matches("-?[0-9]{1,6}")) {
      throw new UserError(
          "connect string: invalid " + keyword + " \"" + text + "\"",
          "set " + keyword + " to a whole number");
    }
    return Math.max(0, Integer.parseInt(text));
  }

  private static void serverChoice(Properties driver, ConnectionTarget target) {
    String wanted = target.value("target_session_attrs").orElse("any");
    String type = SERVER_TYPES.get(wanted);
    if (type == null) {
      throw new UserError(
          "connect string: invalid target_session_attrs \"" + wanted + "\"",
          "use one of " + String.join(", ", SERVER_TYPES.keySet().stream().sorted().toList()));
    }
    driver.setProperty("targetServerType", type);
    if (target.value("load_balance_hosts").equals(Optional.of("random"))) {
      driver.setProperty("loadBalanceHosts", "true");
    }
  }

  /** Returns true if the connection uses a Unix socket, where TLS and keepalives do not apply. */
  private static boolean socket(Properties driver, ConnectionTarget target) {
    List<ServerAddress> sockets =
        target.servers().stream().filter(ServerAddress::isSocket).toList();
    if (sockets.isEmpty()) {
      return false;
    }
    if (target.servers().size() > 1) {
      throw new UserError(
          "connect string: a list of hosts cannot contain socket directories", "use host names");
    }
    Optional<Path> socket = socketPath(sockets.get(0));
    if (socket.isEmpty()) {
      return false;
    }
    driver.setProperty("socketFactory", LocalSockets.class.getName());
    driver.setProperty("socketFactoryArg", socket.get().toString());
    driver.setProperty("PGHOST", "localhost");
    driver.setProperty("PGPORT", Integer.toString(sockets.get(0).port()));
    driver.setProperty("sslmode", "disable");
    driver.setProperty("gssEncMode", "disable");
    return true;
  }

  /** An explicit directory is used as given; a default directory only if it contains a socket. */
  static Optional<Path> socketPath(ServerAddress server) {
    return server.host().isEmpty()
        ? UnixSocket.find(server.port())
        : Optional.of(UnixSocket.in(server.host(), server.port()));
  }

  private static void network(Properties driver, ConnectionTarget target) {
    driver.setProperty(
        "PGHOST", String.join(",", target.servers().stream().map(DriverProperties::host).toList()));
    driver.setProperty(
        "PGPORT", String.join(",", target.servers().stream().map(s -> "" + s.port()).toList()));
    keepAlive(driver, target);
    tls(driver, target);
  }

  private static void keepAlive(Properties driver, ConnectionTarget target) {
    if (target.value("keepalives").equals(Optional.of("0"))) {
      driver.setProperty("tcpKeepAlive", "false");
      return;
    }
    driver.setProperty("tcpKeepAlive", "true");
    driver.setProperty("socketFactory", KeepAliveSockets.class.getName());
    driver.setProperty(
        "socketFactoryArg",
        "%d,%d,%d"
            .formatted(
                number(target, "keepalives_idle", 10),
                number(target, "keepalives_interval", 5),
                number(target, "keepalives_count", 4)));
  }

  private static String host(ServerAddress server) {
    if (!server.isSocket()) {
      return server.destination();
    }
    if (fallbackLogged.compareAndSet(false, true)) {
      log.info(
          "no host given and no Unix socket for port {} found, using localhost", server.port());
    }
    return "localhost";
  }

  private static void tls(Properties driver, ConnectionTarget target) {
    target.value("sslkey").ifPresent(DriverProperties::refuseTraditionalKey);
    String mode = target.value("sslmode").orElse("prefer");
    Optional<String> root = target.value("sslrootcert");
    if (root.equals(Optional.of("system"))) {
      driver.setProperty("sslmode", "verify-full");
      driver.setProperty("sslfactory", "org.postgresql.ssl.DefaultJavaSSLFactory");
      return;
    }
    root.ifPresent(file -> driver.setProperty("sslrootcert", file));
    // As in libpq, an existing root certificate turns "require" into "verify-ca".
    boolean check =
        mode.equals("require") && root.filter(f -> Files.exists(Path.of(f))).isPresent();
    driver.setProperty("sslmode", check ? "verify-ca" : mode);
  }

  /**
   * Refuses PEM keys in the traditional format, which libpq reads. The driver's own message for
   * them would be "extra data at the end".
   */
  private static void refuseTraditionalKey(String file) {
    try (BufferedReader reader =
        Files.newBufferedReader(Path.of(file), StandardCharsets.ISO_8859_1)) {
      if (String.valueOf(reader.readLine()).matches("-----BEGIN (RSA|EC|DSA) PRIVATE KEY-----")) {
        throw new UserError(
            "sslkey " + file + " is a key in the traditional format; the driver reads PKCS-8 only",
            "openssl pkcs8 -topk8 -nocrypt -in " + file + " -out " + file + ".pk8 -outform DER");
      }
    } catch (IOException e) {
      throw new UserError(
          "could not read sslkey " + file,
          "check that the file exists and is"
              + " readable by the operating system user of this process",
          e);
    }
  }
}
