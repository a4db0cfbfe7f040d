package dev.jlondiste.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The ini file of a program that consumes one queue on its own; see {@link CompanionKind}.
 *
 * @param fetchSize number of events to read at a time
 * @param source the database of the queue
 * @param destination the database to write to; the same as {@code source} unless set
 * @param destinationQueue the queue of {@code queue_mover} in the destination
 * @param queueField the field of an event that {@code queue_splitter} reads, without {@code ev_}
 * @param query the statement of {@code simple_consumer}
 * @param tables read only events whose first extra field is one of these; empty: all
 * @param consumerFilter read only events that satisfy this SQL condition
 */
public record CompanionSettings(
    CompanionKind kind,
    JobSettings job,
    ReadSettings consumer,
    int fetchSize,
    String queueName,
    String consumerName,
    ConnectionString source,
    ConnectionString destination,
    Optional<String> destinationQueue,
    String queueField,
    Optional<String> query,
    List<String> tables,
    Optional<String> consumerFilter) {

  /**
   * Reads the section of the program. Throws {@link dev.jlondiste.fault.UserError}.
   *
   * @param overrides {@code --set key=value}, which override the file
   */
  public static Loaded<CompanionSettings> read(
      CompanionKind kind, Path ini, Map<String, String> overrides) {
    return CompanionSettingsReader.read(kind, ini, overrides);
  }

  /** True if one transaction can contain the effect of a batch and the position in the queue. */
  public boolean isOneDatabase() {
    return source.equals(destination);
  }

  /** True if it is the same consumer, which reads and writes the same databases. */
  public boolean hasPlaceOf(CompanionSettings other) {
    return source.equals(other.source)
        && destination.equals(other.destination)
        && queueName.equals(other.queueName)
        && consumerName.equals(other.consumerName)
        && job.jobName().equals(other.job.jobName());
  }

  /** Does not print the settings, because connect strings may have passwords. */
  @Override
  public String toString() {
    return "CompanionSettings of " + job.jobName();
  }
}
