package dev.jlondiste.admin.takeover.clients;

import dev.jlondiste.admin.waiting.Deadline;
import dev.jlondiste.config.ConnectionString;
import dev.jlondiste.fault.UserError;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Commands of the operator: {@code --on-closed}, {@code --on-open}, {@code --on-reopen}. A command
 * can run twice, if a takeover is continued after a crash.
 */
final class HookSwitch implements ClientSwitch {
  /** The limit of the commands that run when a root is open; the takeover is complete by then. */
  private static final Duration MAX_DURATION = Duration.ofSeconds(30);

  private final Optional<Hook> onClosed;
  private final Optional<Hook> onOpen;
  private final Optional<Hook> onReopen;

  HookSwitch(
      Optional<String> onClosed,
      Optional<String> onOpen,
      Optional<String> onReopen,
      RootChange change) {
    Map<String, String> environment =
        Map.of(
            "JLONDISTE_QUEUE", change.queue(),
            "JLONDISTE_OLD_NODE", change.oldNode(),
            "JLONDISTE_OLD_LOCATION", withoutSecrets(change.oldLocation()),
            "JLONDISTE_NEW_NODE", change.newNode(),
            "JLONDISTE_NEW_LOCATION", withoutSecrets(change.newLocation()));
    this.onClosed = onClosed.map(command -> new Hook("--on-closed", command, environment));
    this.onOpen = onOpen.map(command -> new Hook("--on-open", command, environment));
    this.onReopen = onReopen.map(command -> new Hook("--on-reopen", command, environment));
  }

  private static String withoutSecrets(ConnectionString location) {
    return location.withoutSecrets().text();
  }

  @Override
  public List<String> obstacles() {
    return List.of();
  }

  @Override
  public void hold(Deadline deadline) {}

  @Override
  public void closed(Deadline deadline) throws InterruptedException {
    if (onClosed.isPresent()) {
      onClosed.get().run(deadline);
    }
  }

  @Override
  public List<String> opened() throws InterruptedException {
    return problems(onOpen);
  }

  @Override
  public List<String> reopened() throws InterruptedException {
    return problems(onReopen);
  }

  private static List<String> problems(Optional<Hook> hook) throws InterruptedException {
    try {
      if (hook.isPresent()) {
        hook.get().run(Deadline.in(MAX_DURATION));
      }
      return List.of();
    } catch (UserError e) {
      return List.of(e.text());
    }
  }
}
