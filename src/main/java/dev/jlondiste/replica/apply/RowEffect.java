package dev.jlondiste.replica.apply;

import dev.jlondiste.pgq.RowChange;
import org.jspecify.annotations.Nullable;

/** The net effect of the changes of one row. */
enum RowEffect {
  INSERTED,
  UPDATED,
  DELETED,
  /** Deleted, and inserted again. */
  REPLACED,
  /** Inserted, and deleted again. */
  NONE,
  /** Inserted; a row of the same key is deleted first, if there is one. */
  WRITTEN,
  /** Written, and deleted again. */
  ERASED;

  static RowEffect of(RowChange first) {
    if (first.isReplacing()) {
      return WRITTEN;
    }
    return switch (first.operation()) {
      case INSERT -> INSERTED;
      case UPDATE -> UPDATED;
      case DELETE -> DELETED;
    };
  }

  /** The effect with one more change; null if {@code next} does not follow. */
  @Nullable RowEffect then(RowChange next) {
    if (next.isReplacing()) {
      return this == INSERTED ? INSERTED : WRITTEN;
    }
    return switch (next.operation()) {
      case INSERT ->
          switch (this) {
            case DELETED -> REPLACED;
            case NONE -> INSERTED;
            case ERASED -> WRITTEN;
            case INSERTED, UPDATED, REPLACED, WRITTEN -> null;
          };
      case UPDATE -> this == DELETED || this == NONE || this == ERASED ? null : this;
      case DELETE ->
          switch (this) {
            case INSERTED -> NONE;
            case UPDATED, REPLACED -> DELETED;
            case WRITTEN -> ERASED;
            case DELETED, NONE, ERASED -> null;
          };
    };
  }
}
