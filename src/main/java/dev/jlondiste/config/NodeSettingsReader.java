package dev.jlondiste.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads a node's ini file: sections {@code [londiste3]} and {@code [londiste]}. */
final class NodeSettingsReader {
  private static final int DEFAULT_BATCH_STATEMENTS = 200;
  private static final long DEFAULT_BATCH_BYTES = 16L << 20;
  private static final int DEFAULT_PARALLEL_COPIES = 2;
  private static final int DEFAULT_VERIFY_RATE = 10_000;
  private static final long DEFAULT_COPY_INDEX_MEMORY = 64L << 20;

  private static final List<String> HANDLER_KEYS =
      List.of(
          "handler_modules",
          "shard_hash_func",
          "shard_info_sql",
          "partition_time_zone",
          "obfuscator_key");

  /** Keys of handlers that name a file or a directory. */
  private static final List<String> HANDLER_FILES = List.of("handler_directory", "obfuscator_map");

  private final IniSection ini;
  private final List<String> warnings;

  private NodeSettingsReader(IniSection ini, List<String> warnings) {
    this.ini = ini;
    this.warnings = warnings;
  }

  static Loaded<NodeSettings> read(
      Path path, Map<String, String> overrides, List<String> sectionNames) {
    List<String> warnings = new ArrayList<>();
    IniFile file = IniLines.read(path, IniDialect.LONDISTE, warnings);
    String name = file.mainSection(sectionNames);
    IniSection ini = new IniSection(file, name, overrides, IniDialect.LONDISTE);
    warnings.addAll(KnownKeys.NODE.check(ini));
    NodeSettings settings = new NodeSettingsReader(ini, warnings).settings();
    List<String> notes = new ArrayList<>(KnownKeys.NODE.notes(ini));
    if (settings.consumer().autocommit()) {
      notes.add(ReadSettingsReader.autocommitNote(ini));
    }
    return new Loaded<>(settings, warnings, notes);
  }

  private NodeSettings settings() {
    JobSettings job = JobSettingsReader.read(ini);
    JobSettingsReader.warnAboutSkylog(ini, warnings);
    return new NodeSettings(
        job,
        ReadSettingsReader.read(ini),
        connection("db")
            .orElseThrow(
                () -> {
                  ini.required("db", "the connect string of the node's own database");
                  return new IllegalStateException("db is there and is not");
                }),
        ini.text("pgq_queue_name")
            .orElseGet(() -> ini.required("queue_name", "the queue that this node takes part in")),
        ini.text("pgq_consumer_id").orElseGet(() -> ini.text("consumer_name", job.jobName())),
        ini.text("node_name"),
        connection("public_node_location"),
        connection("initial_provider_location"),
        remoteExtra(),
        ini.period("global_wm_publish_period", "300"),
        ini.period("local_wm_publish_period", "300"),
        new CopySettings(
            ini.integer("parallel_copies", DEFAULT_PARALLEL_COPIES, 1),
            ini.list("threaded_copy_tables"),
            ini.integer("threaded_copy_pool_size", 1, 1),
            ini.size("copy_index_memory", DEFAULT_COPY_INDEX_MEMORY)),
        ini.secondsNotNegative("lock_timeout", "10"),
        ini.flag("ticker", false)
            ? Optional.of(TickerSettingsReader.forNode(ini, job))
            : Optional.empty(),
        ini.flag("local_only", false),
        ini.flag("local_only_drop_execute", false),
        ini.flag("allow_copied_database", false),
        onError(),
        new RegisterFilter(ini.list("register_only_tables"), ini.list("register_skip_tables")),
        new RegisterFilter(ini.list("register_only_seqs"), ini.list("register_skip_seqs")),
        inventoryIgnore(),
        ini.flag("apply_sets", true),
        ini.integer("apply_batch_statements", DEFAULT_BATCH_STATEMENTS, 1),
        ini.size("apply_batch_bytes", DEFAULT_BATCH_BYTES),
        ini.text("compare_sql"),
        ini.text("compare_fmt"),
        verify(),
        handlers());
  }

  private OnError onError() {
    String text = ini.text("on_error", OnError.STOP.iniName());
    return OnError.parse(text).orElseThrow(() -> ini.wrong("on_error", text, OnError.CHOICE));
  }

  private Optional<VerifySettings> verify() {
    int rate = ini.integer("verify_rate", DEFAULT_VERIFY_RATE, 1);
    String text = ini.text("verify", "off");
    return switch (text) {
      case "off" -> Optional.empty();
      case "continuous" -> Optional.of(new VerifySettings(rate));
      default -> throw ini.wrong("verify", text, "off or continuous");
    };
  }

  private IgnoredObjects inventoryIgnore() {
    List<String> patterns = ini.list("inventory_ignore");
    for (String pattern : patterns) {
      if (!IgnoredObjects.isPattern(pattern)) {
        throw ini.wrong(
            "inventory_ignore", pattern, "patterns of full names, such as public.log_*, audit.*");
      }
    }
    return new IgnoredObjects(patterns);
  }

  private Optional<ConnectionString> connection(String key) {
    Optional<ConnectionString> connection = ini.connection(key);
    connection.ifPresent(
        string -> string.warnings().forEach(text -> warnings.add(key + ": " + text)));
    return connection;
  }

  private String remoteExtra() {
    return connection("remote_extra_connstr").map(ConnectionString::text).orElse("");
  }

  private Map<String, String> handlers() {
    Map<String, String> handlers = new LinkedHashMap<>();
    HANDLER_FILES.forEach(
        key -> ini.file(key).ifPresent(path -> handlers.put(key, path.toString())));
    HANDLER_KEYS.forEach(key -> ini.text(key).ifPresent(value -> handlers.put(key, value)));
    return Map.copyOf(handlers);
  }
}
