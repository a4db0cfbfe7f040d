package dev.jlondiste.admin.scripts;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.db.SqlFaults;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.loop.ShortLocks;
import dev.jlondiste.replica.script.Script;
import dev.jlondiste.replica.script.ScriptExecution;
import dev.jlondiste.replica.script.ScriptFailure;
import java.sql.SQLException;
import java.util.List;

/**
 * Executes scripts on the root, all in one transaction, and with them the events by which the other
 * nodes execute the same at the same place between the rows.
 */
public final class ExecuteScripts {
  private final Cascade cascade;

  public ExecuteScripts(Cascade cascade) {
    this.cascade = cascade;
  }

  /** A script that this database has executed before is skipped. */
  public void execute(List<Script> scripts) throws SQLException {
    if (scripts.isEmpty()) {
      return;
    }
    if (!cascade.node().isRoot()) {
      throw new UserError(
          "Node is not root node: " + cascade.queue(),
          "'status' shows the root; 'execute --skip NAME' is for a script that fails here");
    }
    ShortLocks locks = ShortLocks.ofCommand(cascade.settings().lockTimeout());
    try {
      cascade.local().run(db -> ScriptExecution.onRoot(cascade.settings(), locks).run(db, scripts));
    } catch (ScriptFailure e) {
      throw failure(e, scripts.size());
    }
  }

  private static UserError failure(ScriptFailure e, int scripts) {
    String undone =
        SqlFaults.isLostConnection(e)
            ? "repeat the command"
            : scripts == 1
                ? "nothing was changed, and the name can be used again"
                : "nothing was changed, as all scripts of a command are one transaction";
    return new UserError(
        String.valueOf(e.getMessage()), e.hint().isEmpty() ? undone : undone + "; " + e.hint(), e);
  }
}
