package dev.jlondiste.bench;

import java.util.List;

/**
 * Changes made by a script.
 *
 * @param create makes the tables and their first rows, the same wherever it runs
 * @param change the changes; may commit
 * @param events how many rows it changes, counting each change
 */
record SqlBacklog(String name, List<String> tables, String create, String change, long events)
    implements Backlog {

  @Override
  public void create(Stage stage) {
    stage.everywhere(create);
  }

  /** Whether a commit waits for the disk does not matter to those who read it afterwards. */
  @Override
  public long make(Stage stage) {
    stage
        .source()
        .execute("alter database " + stage.source().name() + " set synchronous_commit = off");
    stage.source().execute(change);
    return events;
  }
}
