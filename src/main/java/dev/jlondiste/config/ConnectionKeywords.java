package dev.jlondiste.config;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The keywords of libpq up to version 18: supported, unsupported, secret, and the environment
 * variables that supply them.
 */
final class ConnectionKeywords {
  private static final Set<String> SUPPORTED =
      words(
          """
          host hostaddr port dbname user password passfile service servicefile connect_timeout
          sslmode sslcert sslkey sslpassword sslrootcert sslnegotiation application_name
          fallback_application_name options keepalives keepalives_idle keepalives_interval
          keepalives_count target_session_attrs load_balance_hosts gssencmode krbsrvname
          channel_binding require_auth
          """);

  /**
   * Ignored without a warning, because these have no meaning here: for example, text is always
   * UTF-8.
   */
  private static final Set<String> IGNORED_SILENTLY =
      words("client_encoding sslcompression sslsni tty");

  private static final Set<String> UNSUPPORTED =
      words(
          """
          sslcrl sslcrldir sslcertmode ssl_min_protocol_version ssl_max_protocol_version
          min_protocol_version max_protocol_version requirepeer requiressl authtype gsslib
          gssdelegation tcp_user_timeout replication scram_client_key scram_server_key
          sslkeylogfile oauth_issuer oauth_client_id oauth_client_secret oauth_scope
          """);

  private static final Set<String> SECRET =
      words("password sslpassword scram_client_key scram_server_key oauth_client_secret");

  /** Maps an environment variable to the keyword for which it supplies a default. */
  static final Map<String, String> VARIABLES =
      Map.ofEntries(
          Map.entry("PGHOST", "host"),
          Map.entry("PGHOSTADDR", "hostaddr"),
          Map.entry("PGPORT", "port"),
          Map.entry("PGUSER", "user"),
          Map.entry("PGPASSWORD", "password"),
          Map.entry("PGDATABASE", "dbname"),
          Map.entry("PGPASSFILE", "passfile"),
          Map.entry("PGSSLMODE", "sslmode"),
          Map.entry("PGSSLNEGOTIATION", "sslnegotiation"),
          Map.entry("PGSSLCERT", "sslcert"),
          Map.entry("PGSSLKEY", "sslkey"),
          Map.entry("PGSSLROOTCERT", "sslrootcert"),
          Map.entry("PGOPTIONS", "options"),
          Map.entry("PGAPPNAME", "application_name"),
          Map.entry("PGCONNECT_TIMEOUT", "connect_timeout"),
          Map.entry("PGTARGETSESSIONATTRS", "target_session_attrs"),
          Map.entry("PGLOADBALANCEHOSTS", "load_balance_hosts"),
          Map.entry("PGGSSENCMODE", "gssencmode"),
          Map.entry("PGKRBSRVNAME", "krbsrvname"),
          Map.entry("PGCHANNELBINDING", "channel_binding"),
          Map.entry("PGREQUIREAUTH", "require_auth"));

  private ConnectionKeywords() {}

  static boolean isKnown(String keyword) {
    return SUPPORTED.contains(keyword)
        || IGNORED_SILENTLY.contains(keyword)
        || UNSUPPORTED.contains(keyword);
  }

  static boolean isUnsupported(String keyword) {
    return UNSUPPORTED.contains(keyword);
  }

  static boolean isSecret(String keyword) {
    return SECRET.contains(keyword);
  }

  static Set<String> all() {
    Set<String> all = new TreeSet<>(SUPPORTED);
    all.addAll(IGNORED_SILENTLY);
    all.addAll(UNSUPPORTED);
    return all;
  }

  private static Set<String> words(String text) {
    return Set.of(text.strip().split("\\s+"));
  }
}
