package dev.jlondiste.replica.inventory;

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

  static CaptureKind of(CapturedRelation relation) {
    if (relation.hasNativeTriggers()) {
      return NATIVE;
    }
    if (relation.triggers().stream().anyMatch(CaptureTrigger::denies)) {
      return DENYING;
    }
    return relation.triggers().isEmpty() ? NONE : COMPATIBLE;
  }
}
