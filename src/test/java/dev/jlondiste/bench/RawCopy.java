package dev.jlondiste.bench;

/**
 * The upper bound for an initial copy: {@code COPY … TO STDOUT | COPY … FROM STDIN}, table by
 * table, with indexes built afterwards.
 */
final class RawCopy extends Contender {
  RawCopy(Stage stage) {
    super(stage);
  }

  @Override
  void prepareCopy(CopyJob job) {
    stage.source().execute(job.index());
    stage.target().execute(job.create());
  }

  @Override
  void copy(CopyJob job) {
    for (String table : job.tables()) {
      Program.shell(
          "psql -qX -d '%s' -c 'copy %s to stdout' | psql -qX -d '%s' -c 'copy %s from stdin'"
              .formatted(
                  stage.source().connectString(), table, stage.target().connectString(), table));
    }
    stage.target().execute(job.index());
  }
}
