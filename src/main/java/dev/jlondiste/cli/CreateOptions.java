package dev.jlondiste.cli;

import dev.jlondiste.admin.tables.CreateMode;
import picocli.CommandLine.Option;

/** What to do about objects that are missing here. */
final class CreateOptions {
  @Option(names = "--create", description = "create it if missing: columns and primary key")
  private boolean create;

  @Option(
      names = "--create-full",
      description = "create it if missing, with all that can be copied")
  private boolean createFull;

  @Option(
      names = "--skip-non-existing",
      description = "skip what the provider or this node does not have")
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
