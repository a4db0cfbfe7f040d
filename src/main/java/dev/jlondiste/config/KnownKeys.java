package dev.jlondiste.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** All keys of a program's section: keys that have an effect, and keys that are only accepted. */
final class KnownKeys {
  static final KnownKeys NODE =
      new KnownKeys(
              """
              job_name logfile log_size log_count pidfile loop_delay exception_sleep
              exception_quiet exception_grace exception_reset connection_lifetime
              remote_extra_connstr syslog syslog_ident syslog_facility config_format
              queue_name pgq_queue_name consumer_name pgq_consumer_id pgq_autocommit
              pgq_batch_collect_events pgq_batch_collect_interval pgq_keep_lag
              keepalive_stats global_wm_publish_period local_wm_publish_period
              db node_name public_node_location initial_provider_location
              parallel_copies threaded_copy_tables threaded_copy_pool_size copy_index_memory
              lock_timeout handler_directory handler_modules
              local_only local_only_drop_execute register_only_tables register_only_seqs
              register_skip_tables register_skip_seqs inventory_ignore compare_sql compare_fmt
              verify verify_rate
              shard_hash_func shard_info_sql partition_time_zone obfuscator_map obfuscator_key
              ticker ticker_period maint_period retry_period check_period stats_period
              allow_copied_database on_error apply_sets apply_batch_statements apply_batch_bytes
              """)
          .noting("events are streamed, whatever it is", "pgq_lazy_fetch")
          .ignoringThoseOfAllPrograms()
          .ignoring(
              "only for queue_mover, queue_splitter and simple_consumer",
              "table_filter queue_field dst_queue_name src_db dst_db dst_query consumer_filter")
          .ignoring(
              "only for cooperative consumers, which are no nodes",
              "subconsumer_name subconsumer_timeout")
          .ignoring("the position is stored in the node's database", "local_tracking_file")
          .ignoring("only for data_maintainer3, which is not part of this program", "sql_modify");

  /** Keys of each program that consumes a queue on its own. */
  private static final String OF_COMPANIONS =
      """
      job_name logfile log_size log_count pidfile loop_delay exception_sleep
      exception_quiet exception_grace exception_reset connection_lifetime
      syslog syslog_ident syslog_facility config_format
      queue_name pgq_queue_name consumer_name pgq_consumer_id pgq_autocommit pgq_lazy_fetch
      pgq_batch_collect_events pgq_batch_collect_interval pgq_keep_lag keepalive_stats
      src_db dst_db table_filter consumer_filter
      """;

  static final KnownKeys TICKER =
      new KnownKeys(
          """
          logfile pidfile base_connstr initial_database database_list syslog syslog_ident
          syslog_facility check_period retry_period maint_period ticker_period stats_period
          connection_lifetime allow_copied_database config_format
          """);

  /** Keys without a warning here, because their readers log it. */
  private static final Set<String> WARNED_BY_READER =
      Set.of("use_skylog", "baseconnstr", "databaselist", "job_name");

  private final Set<String> used;
  private final Map<String, String> ignored = new HashMap<>();
  private final Map<String, String> noted = new HashMap<>();

  private KnownKeys(String used) {
    this.used = Set.of(used.strip().split("\\s+"));
  }

  /** The keys of one of the programs that consume a queue on their own. */
  static KnownKeys companion(CompanionKind kind) {
    return new KnownKeys(OF_COMPANIONS + kind.ownKey())
        .ignoringThoseOfAllPrograms()
        .ignoring("the position is stored in a database", "local_tracking_file")
        .ignoring("only used together with subconsumer_name", "subconsumer_timeout");
  }

  private KnownKeys ignoringThoseOfAllPrograms() {
    return ignoring(
            "log lines have a fixed format here",
            "logfmt_file logfmt_console logfmt_file_verbose logfmt_console_verbose"
                + " logdatefmt_file logdatefmt_console logdatefmt_file_verbose"
                + " logdatefmt_console_verbose")
        .ignoring("only used together with use_skylog", "skylog_locations")
        .ignoring(
            "single statements are not repeated, the whole batch is",
            "sql_retry sql_retry_max_count sql_retry_max_time sql_retry_formula_a"
                + " sql_retry_formula_b sql_retry_formula_cap");
  }

  private KnownKeys ignoring(String reason, String keys) {
    Arrays.stream(keys.split(" ")).forEach(key -> ignored.put(key, reason));
    return this;
  }

  /** The same for keys that nearly every ini file of Londiste has: only the daemon logs these. */
  private KnownKeys noting(String reason, String key) {
    noted.put(key, reason);
    return this;
  }

  boolean isKnown(String key) {
    return used.contains(key)
        || ignored.containsKey(key)
        || noted.containsKey(key)
        || WARNED_BY_READER.contains(key);
  }

  /** The warnings about keys of the section that have no effect. */
  List<String> check(IniSection section) {
    List<String> warnings = new ArrayList<>();
    for (String key : section.keys()) {
      String reason = ignored.get(key);
      if (reason != null) {
        warnings.add(ignored(key, reason, section));
      } else if (!isKnown(key) && section.isOwn(key)) {
        warnings.add(
            "unknown parameter %s, ignored (%s)%s"
                .formatted(key, section.place(key), Spelling.guess(key, all())));
      }
    }
    return warnings;
  }

  /** Adds keys that have no effect and need no warning. */
  List<String> notes(IniSection section) {
    return section.keys().stream()
        .filter(noted::containsKey)
        .map(key -> ignored(key, noted.getOrDefault(key, ""), section))
        .toList();
  }

  private static String ignored(String key, String reason, IniSection section) {
    return "parameter %s is ignored: %s (%s)".formatted(key, reason, section.place(key));
  }

  /** Keys that have an effect, without their other spellings and the key of the file format. */
  Set<String> forSample() {
    Set<String> keys = new TreeSet<>(used);
    keys.removeAll(Set.of("config_format", "pgq_queue_name", "pgq_consumer_id"));
    return keys;
  }

  private Set<String> all() {
    Set<String> all = new TreeSet<>(used);
    all.addAll(ignored.keySet());
    all.addAll(noted.keySet());
    return all;
  }
}
