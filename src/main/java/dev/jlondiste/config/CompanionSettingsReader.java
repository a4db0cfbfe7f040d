package dev.jlondiste.config;

import dev.jlondiste.fault.UserError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the ini file of a program that consumes one queue on its own. */
final class CompanionSettingsReader {
  private static final int DEFAULT_FETCH_SIZE = 300;

  private static final Set<String> FIELDS =
      Set.of("type", "data", "extra1", "extra2", "extra3", "extra4");

  private final CompanionKind kind;
  private final IniSection ini;
  private final List<String> warnings;

  private CompanionSettingsReader(CompanionKind kind, IniSection ini, List<String> warnings) {
    this.kind = kind;
    this.ini = ini;
    this.warnings = warnings;
  }

  static Loaded<CompanionSettings> read(
      CompanionKind kind, Path path, Map<String, String> overrides) {
    List<String> warnings = new ArrayList<>();
    IniFile file = IniLines.read(path, IniDialect.LONDISTE, warnings);
    String name = file.mainSection(kind.sections());
    IniSection ini = new IniSection(file, name, overrides, IniDialect.LONDISTE);
    KnownKeys known = KnownKeys.companion(kind);
    warnings.addAll(known.check(ini));
    CompanionSettings settings = new CompanionSettingsReader(kind, ini, warnings).settings();
    List<String> notes = new ArrayList<>();
    if (settings.consumer().autocommit()) {
      notes.add(ReadSettingsReader.autocommitNote(ini));
    }
    return new Loaded<>(settings, warnings, notes);
  }

  private CompanionSettings settings() {
    JobSettings job = JobSettingsReader.read(ini);
    JobSettingsReader.warnAboutSkylog(ini, warnings);
    refuseSubconsumer();
    String queue =
        ini.text("pgq_queue_name")
            .orElseGet(() -> ini.required("queue_name", "the queue whose events are consumed"));
    ConnectionString source = required("src_db", "the connect string of the queue's database");
    ConnectionString destination = connection("dst_db").orElse(source);
    Optional<String> destinationQueue = ini.text("dst_queue_name");
    Optional<String> query = ini.text("dst_query");
    switch (kind) {
      case QUEUE_MOVER -> {
        ini.required("dst_queue_name", "the queue in dst_db that gets the events");
        refuseCircle(queue, source.equals(destination), destinationQueue.orElseThrow());
      }
      case QUEUE_SPLITTER -> {}
      case SIMPLE_CONSUMER ->
          ini.required("dst_query", "the statement to execute in dst_db for each changed row");
    }
    return new CompanionSettings(
        kind,
        job,
        ReadSettingsReader.read(ini),
        fetchSize(),
        queue,
        ini.text("pgq_consumer_id").orElseGet(() -> ini.text("consumer_name", job.jobName())),
        source,
        destination,
        destinationQueue,
        queueField(),
        query,
        ini.list("table_filter").stream().map(CompanionSettingsReader::withSchema).toList(),
        ini.text("consumer_filter"));
  }

  private int fetchSize() {
    int events = ini.integer("pgq_lazy_fetch", DEFAULT_FETCH_SIZE, 0);
    return events == 0 ? DEFAULT_FETCH_SIZE : events;
  }

  private String queueField() {
    String field = ini.text("queue_field", "extra1");
    String plain = field.startsWith("ev_") ? field.substring(3) : field;
    if (!FIELDS.contains(plain)) {
      throw ini.wrong("queue_field", field, "type, data, extra1, extra2, extra3 or extra4");
    }
    return plain;
  }

  private static String withSchema(String table) {
    return table.contains(".") ? table : "public." + table;
  }

  private void refuseCircle(String queue, boolean isOneDatabase, String destinationQueue) {
    if (isOneDatabase && queue.equals(destinationQueue)) {
      throw new UserError(
          "dst_queue_name is the queue '"
              + queue
              + "' itself ("
              + ini.place("dst_queue_name")
              + ")",
          "name another queue, or another database in dst_db");
    }
  }

  /** A member of a group that consumed alone would take the events of all others. */
  private void refuseSubconsumer() {
    ini.text("subconsumer_name")
        .ifPresent(
            name -> {
              throw new UserError(
                  "subconsumer_name = "
                      + name
                      + " ("
                      + ini.place("subconsumer_name")
                      + "): cooperative consumers are not supported",
                  "remove it and start one process");
            });
  }

  private ConnectionString required(String key, String hint) {
    return connection(key)
        .orElseThrow(
            () -> {
              ini.required(key, hint);
              return new IllegalStateException(key + " is there and is not");
            });
  }

  private Optional<ConnectionString> connection(String key) {
    Optional<ConnectionString> connection = ini.connection(key);
    connection.ifPresent(
        string -> string.warnings().forEach(text -> warnings.add(key + ": " + text)));
    return connection;
  }
}
