package dev.jlondiste.replica.inventory;

import java.util.Locale;

/** The kinds of problems that a table or sequence can have. */
public enum FindingKind {
  /** Exists in the root's database, and is in no set. */
  TABLE_NOT_REPLICATED("table", "not replicated", Area.SET),
  /** Is in the set, and not added on this node. */
  TABLE_NOT_ADDED("table", "not added", Area.SET),
  /** Belongs to a replicated table, or to none, and is in no set. */
  SEQUENCE_NOT_REPLICATED("sequence", "not replicated", Area.SET),
  SEQUENCE_NOT_ADDED("sequence", "not added", Area.SET),
  /** Was registered, and dropped or renamed since. */
  SEQUENCE_GONE("sequence", "gone", Area.OBJECT),
  /** Was registered, and dropped since. */
  TABLE_GONE("table", "gone", Area.TABLE),
  /** Was registered, and renamed since. */
  TABLE_RENAMED("table", "renamed", Area.TABLE),
  /** Another table has the registered one's name. */
  TABLE_REPLACED("table", "replaced by another", Area.TABLE),
  /** Has triggers of the queue, but is not registered. */
  TRIGGERS_STRAY("table", "with triggers but not registered", Area.STRAY),
  TRIGGERS_MISSING("table", "without triggers", Area.TABLE),
  /** Triggers are disabled, or enabled for role replica only. */
  TRIGGERS_DISABLED("table", "with disabled triggers", Area.TABLE),
  /** A leaf's on a branch or root, which deny all changes; or the reverse. */
  TRIGGERS_OF_OTHER_TYPE("table", "with triggers of another type of node", Area.TABLE),
  /** Some kinds of changes are not captured. */
  TRIGGERS_INCOMPLETE("table", "without some of its triggers", Area.TABLE),
  /** Capture continues, but is slow and may miss changed keys. */
  TRIGGERS_OUTDATED("table", "changed since the triggers were created", Area.TABLE),
  KEY_GONE("table", "without its key", Area.TABLE),
  /** Is empty after a crash of the server. */
  UNLOGGED("table", "unlogged", Area.PROPERTY),
  EXTENSION("table", "owned by an extension", Area.PROPERTY);

  private enum Area {
    SET,
    OBJECT,
    TABLE,
    STRAY,
    PROPERTY
  }

  private final String noun;
  private final String predicate;
  private final Area area;

  FindingKind(String noun, String predicate, Area area) {
    this.noun = noun;
    this.predicate = predicate;
    this.area = area;
  }

  /**
   * True if the state can be intentional; {@code inventory_ignore} then excludes it. Broken capture
   * never is.
   */
  public boolean canBeMeant() {
    return area == Area.SET || area == Area.PROPERTY;
  }

  /**
   * True if it concerns a registered table and its triggers, so that {@code regenerate-triggers}
   * can fix it.
   */
  public boolean concernsTriggers() {
    return area == Area.TABLE;
  }

  /**
   * True if changes were not captured, or captured under another name, while the problem existed.
   */
  public boolean losesChanges() {
    return this == TABLE_REPLACED
        || this == TRIGGERS_MISSING
        || this == TRIGGERS_DISABLED
        || this == TRIGGERS_INCOMPLETE;
  }

  /** Returns a text such as {@code 3 tables not replicated}. */
  public String count(int number) {
    return number + " " + noun + (number == 1 ? "" : "s") + " " + predicate;
  }

  /** Returns the machine-readable name. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
