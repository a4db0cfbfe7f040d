package dev.jlondiste.admin.takeover.clients;

import dev.jlondiste.config.ConnectionString;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the operator asked for the clients of a root that changes.
 *
 * @param onClosed shell command for the time between the two roots
 * @param onOpen shell command for the new root
 * @param onReopen shell command for the old root, if that is opened again
 * @param pgBouncers connect strings of the admin consoles of PgBouncers
 * @param pgBouncerDatabases names of databases as PgBouncer's clients use them; none is an error if
 *     there is a PgBouncer
 * @param pgBouncerIni file with the entries of these databases, to be rewritten
 */
public record ClientOptions(
    Optional<String> onClosed,
    Optional<String> onOpen,
    Optional<String> onReopen,
    List<ConnectionString> pgBouncers,
    List<String> pgBouncerDatabases,
    Optional<Path> pgBouncerIni) {

  public static final ClientOptions NONE =
      new ClientOptions(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          List.of(),
          List.of(),
          Optional.empty());

  /**
   * The switch for one takeover. PgBouncers enclose the commands, so that a command may change
   * where PgBouncer connects to while its clients are held.
   */
  public ClientSwitch switchFor(RootChange change) {
    List<ClientSwitch> all = new ArrayList<>();
    for (ConnectionString console : pgBouncers) {
      all.add(new PgBouncerSwitch(console, pgBouncerDatabases, pgBouncerIni, change.newLocation()));
    }
    if (onClosed.isPresent() || onOpen.isPresent() || onReopen.isPresent()) {
      all.add(new HookSwitch(onClosed, onOpen, onReopen, change));
    }
    return new ClientSwitches(all);
  }
}
