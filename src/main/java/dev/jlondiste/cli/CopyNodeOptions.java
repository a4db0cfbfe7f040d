package dev.jlondiste.cli;

import dev.jlondiste.admin.tables.CopyFrom;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that select the node from which the rows of a table are copied. */
final class CopyNodeOptions {
  @Option(
      names = "--copy-node",
      paramLabel = "NODE",
      description = "copy from NODE instead of the provider")
  private @Nullable String copyNode;

  @Option(
      names = "--find-copy-node",
      description = "copy from the nearest node towards the root that has the rows")
  private boolean search;

  boolean given() {
    return search || copyNode != null;
  }

  CopyFrom copyFrom() {
    if (search && copyNode != null) {
      throw new UsageError("--copy-node and --find-copy-node exclude each other");
    }
    return new CopyFrom(Optional.ofNullable(copyNode), search);
  }
}
