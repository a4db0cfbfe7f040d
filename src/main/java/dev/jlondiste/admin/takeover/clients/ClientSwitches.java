package dev.jlondiste.admin.takeover.clients;

import dev.jlondiste.admin.waiting.Deadline;
import java.util.ArrayList;
import java.util.List;

/**
 * Several switches, which enclose each other: the first one holds first and releases last. None at
 * all is a switch that does nothing.
 */
public final class ClientSwitches implements ClientSwitch {
  private final List<ClientSwitch> switches;

  public ClientSwitches(List<ClientSwitch> switches) {
    this.switches = List.copyOf(switches);
  }

  /** Applications are left alone. */
  public static ClientSwitch none() {
    return new ClientSwitches(List.of());
  }

  @Override
  public List<String> obstacles() {
    return switches.stream().flatMap(each -> each.obstacles().stream()).toList();
  }

  @Override
  public void hold(Deadline deadline) throws InterruptedException {
    for (int i = 0; i < switches.size(); i++) {
      try {
        switches.get(i).hold(deadline);
      } catch (RuntimeException | InterruptedException e) {
        release(i, e);
        throw e;
      }
    }
  }

  /** Releases the first {@code count}; the failed one has released its clients itself. */
  private void release(int count, Exception failure) throws InterruptedException {
    for (int i = count - 1; i >= 0; i--) {
      switches.get(i).reopened().forEach(text -> failure.addSuppressed(new Exception(text)));
    }
  }

  @Override
  public void closed(Deadline deadline) throws InterruptedException {
    for (ClientSwitch each : switches) {
      each.closed(deadline);
    }
  }

  @Override
  public List<String> opened() throws InterruptedException {
    List<String> problems = new ArrayList<>();
    for (int i = switches.size() - 1; i >= 0; i--) {
      problems.addAll(switches.get(i).opened());
    }
    return problems;
  }

  @Override
  public List<String> reopened() throws InterruptedException {
    List<String> problems = new ArrayList<>();
    for (int i = switches.size() - 1; i >= 0; i--) {
      problems.addAll(switches.get(i).reopened());
    }
    return problems;
  }
}
