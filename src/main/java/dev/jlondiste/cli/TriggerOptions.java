package dev.jlondiste.cli;

import dev.jlondiste.admin.tables.Capture;
import dev.jlondiste.admin.tables.HandlerSpec;
import dev.jlondiste.admin.tables.TriggerSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options for how the changes of a table are captured and applied. */
final class TriggerOptions {
  @Option(
      names = "--handler",
      paramLabel = "NAME",
      description = "handler that applies the changes; show-handlers lists them")
  private @Nullable String handler;

  @Option(
      names = "--handler-arg",
      paramLabel = "KEY=VALUE",
      description = "argument of the handler; repeatable")
  private List<String> handlerArguments = new ArrayList<>();

  @Option(
      names = "--trigger-flags",
      paramLabel = "FLAGS",
      description =
          "events I, U, D; A after or B before; format L, Q or J; S skip the original operation")
  private @Nullable String flags;

  @Option(
      names = "--trigger-arg",
      paramLabel = "ARG",
      description = "argument of the trigger function; repeatable")
  private List<String> triggerArguments = new ArrayList<>();

  @Option(names = "--no-triggers", description = "create no trigger")
  private boolean noTriggers;

  @Option(
      names = "--capture",
      paramLabel = "KIND",
      description =
          "auto (default when a table is added to a root or branch): native triggers, which are faster, or"
              + " compatible ones if that is not possible; statement, row: native, or fail;"
              + " compatible: the triggers of Londiste and PgQ")
  private @Nullable String capture;

  Optional<HandlerSpec> handler() {
    return HandlerSpec.of(Optional.ofNullable(handler), handlerArguments);
  }

  TriggerSpec trigger() {
    return new TriggerSpec(
        Optional.ofNullable(flags),
        triggerArguments,
        noTriggers,
        Optional.ofNullable(capture).map(Capture::parse));
  }
}
