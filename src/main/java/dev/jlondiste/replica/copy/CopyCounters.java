package dev.jlondiste.replica.copy;

/** Sums up the bytes and rows that the streams of one copy have moved. Thread-safe. */
final class CopyCounters {
  private final CopyJob job;
  private final CopyProgress progress;
  private RowStream.Moved total = RowStream.Moved.NOTHING;

  CopyCounters(CopyJob job, CopyProgress progress) {
    this.job = job;
    this.progress = progress;
  }

  synchronized long bytes() {
    return total.bytes();
  }

  synchronized long rows() {
    return total.rows();
  }

  /** Returns the counter of one range. */
  Part part() {
    return new Part();
  }

  private synchronized void add(long bytes, long rows) {
    total = total.plus(new RowStream.Moved(bytes, rows));
    progress.moved(job.table().name(), total.bytes(), total.rows());
  }

  /** Used by one thread. */
  final class Part implements RowStream.Watcher {
    private RowStream.Moved last = RowStream.Moved.NOTHING;

    @Override
    public void moved(RowStream.Moved soFar) {
      add(soFar.bytes() - last.bytes(), soFar.rows() - last.rows());
      last = soFar;
    }
  }
}
