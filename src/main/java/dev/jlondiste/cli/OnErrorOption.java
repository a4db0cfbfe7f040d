package dev.jlondiste.cli;

import dev.jlondiste.config.OnError;
import dev.jlondiste.fault.UserError;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What the worker does when an event of a table cannot be applied. */
final class OnErrorOption {
  @Option(
      names = "--on-error",
      paramLabel = "POLICY",
      description =
          "when an event of the table cannot be applied: stop the node; set-aside: the table waits"
              + " for a resync; skip-event: discard the event; dead-letter: keep the event, see"
              + " command dead-letters. Default: on_error of the ini file")
  private @Nullable String policy;

  /** Empty if the option is not given. */
  Optional<OnError> policy() {
    return Optional.ofNullable(policy)
        .map(
            text ->
                OnError.parse(text)
                    .orElseThrow(
                        () ->
                            new UserError(
                                "--on-error=" + text + ": no such policy", OnError.CHOICE)));
  }
}
