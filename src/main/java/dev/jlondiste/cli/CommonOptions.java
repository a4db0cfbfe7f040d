package dev.jlondiste.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The options that every command has. */
@Command(name = "londiste3")
final class CommonOptions extends ProgramOptions {
  @Option(names = "--queue", paramLabel = "QUEUE", description = "override queue_name")
  @Nullable String queue;

  @Option(
      names = "--lock-wait",
      paramLabel = "SECONDS",
      description = "override lock_timeout: how long to try to lock tables")
  @Nullable String lockWait;

  @Option(
      names = "--dead",
      paramLabel = "NODE",
      description = "treat NODE as dead in this run: do not connect to it; repeatable")
  List<String> dead = new ArrayList<>();

  @Option(names = "--copy-condition", hidden = true, paramLabel = "COND")
  @Nullable String copyCondition;

  @Override
  Map<String, String> overrides() {
    Map<String, String> values = super.overrides();
    if (queue != null) {
      values.put("queue_name", queue);
    }
    if (lockWait != null) {
      values.put("lock_timeout", lockWait);
    }
    return values;
  }
}
