package dev.jlondiste.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A node's ini file: sections {@code [londiste3]} or {@code [londiste]}.
 *
 * @param db the node's own database
 * @param consumerName name under which the worker is registered; {@code job_name} unless set
 * @param remoteExtraConnstr pairs to append to the stored location of every other node; may be
 *     empty
 * @param lockTimeout how long admin commands try for table locks; zero: no limit
 * @param tickerLoop with {@code ticker = 1}: how this node's daemon ticks its own database
 * @param localOnly fetch only events of local tables
 * @param applySets write many changes in one statement; false: one statement for each change
 * @param applyBatchBytes heap for buffered changes, in bytes
 * @param verify empty: tables are compared only by commands
 * @param handlerSettings keys for handlers, such as {@code shard_hash_func} and {@code
 *     handler_directory}
 * @param onError what to do when the events of one table cannot be applied
 * @param inventoryIgnore objects that are intentionally not replicated, unlogged, or part of an
 *     extension
 * @param allowCopiedDatabase run even if the node's public location leads to another database
 */
public record NodeSettings(
    JobSettings job,
    ReadSettings consumer,
    ConnectionString db,
    String queueName,
    String consumerName,
    Optional<String> nodeName,
    Optional<ConnectionString> publicNodeLocation,
    Optional<ConnectionString> initialProviderLocation,
    String remoteExtraConnstr,
    Duration globalWatermarkPeriod,
    Duration localWatermarkPeriod,
    CopySettings copies,
    Duration lockTimeout,
    Optional<TickerSettings> tickerLoop,
    boolean localOnly,
    boolean localOnlyDropExecute,
    boolean allowCopiedDatabase,
    OnError onError,
    RegisterFilter tables,
    RegisterFilter sequences,
    IgnoredObjects inventoryIgnore,
    boolean applySets,
    int applyBatchStatements,
    long applyBatchBytes,
    Optional<String> compareSql,
    Optional<String> compareFmt,
    Optional<VerifySettings> verify,
    Map<String, String> handlerSettings) {

  /**
   * Reads the first of these sections that the file has: the program's own name first, then its
   * alternative names. Throws {@link dev.jlondiste.fault.UserError}.
   *
   * @param overrides {@code --set key=value}, which override the file
   */
  public static Loaded<NodeSettings> read(
      Path ini, Map<String, String> overrides, List<String> sectionNames) {
    return NodeSettingsReader.read(ini, overrides, sectionNames);
  }

  /** True if this node's daemon also ticks its own database. */
  public boolean ticker() {
    return tickerLoop.isPresent();
  }

  /** Does not print the settings, because {@code remoteExtraConnstr} may have a password. */
  @Override
  public String toString() {
    return "NodeSettings of " + job.jobName() + ", " + db;
  }
}
