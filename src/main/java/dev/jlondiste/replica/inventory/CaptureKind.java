package dev.jlondiste.replica.inventory;

import java.util.Comparator;
import java.util.Optional;

/** What the triggers of a table do with its changes. */
public enum CaptureKind {
  /** Generated functions write them into the queue. */
  NATIVE,
  /** Triggers of schema pgq write them into the queue. */
  COMPATIBLE,
  /** They refuse changes by applications, as on a leaf. */
  DENYING,
  /** There are no triggers. */
  NONE;

  /** Empty for a partitioned table without partitions; if partitions differ, the last. */
  static Optional<CaptureKind> of(CapturedRelation relation) {
    return relation.storage().stream().map(CaptureKind::ofOne).max(Comparator.naturalOrder());
  }

  private static CaptureKind ofOne(CapturedRelation relation) {
    if (relation.hasNativeTriggers()) {
      return NATIVE;
    }
    if (relation.triggers().stream().anyMatch(CaptureTrigger::denies)) {
      return DENYING;
    }
    return relation.triggers().isEmpty() ? NONE : COMPATIBLE;
  }
}
