package dev.jlondiste.cli;

import dev.jlondiste.admin.tables.CreateMode;
import picocli.CommandLine.Option;

/** Options for objects that do not exist on this node. */
final class CreateOptions {
  @Option(names = "--create", description = "create missing objects: columns and primary key")
  private boolean create;

  @Option(
      names = "--create-full",
      description = "create missing objects, with everything that can be copied")
  private boolean createFull;

  @Option(
      names = "--skip-non-existing",
      description = "skip what does not exist on the provider or on this node")
  private boolean skipMissing;

  CreateMode mode() {
    if (createFull) {
      return CreateMode.FULL;
    }
    return create ? CreateMode.PLAIN : CreateMode.NEVER;
  }

  boolean skipMissing() {
    return skipMissing;
  }
}
