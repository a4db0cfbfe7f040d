package dev.jlondiste.bench;

/** {@code pg_dump | psql}. */
final class PgDump extends Contender {
  PgDump(Stage stage) {
    super(stage);
  }

  @Override
  void prepareCopy(CopyJob job) {
    stage.source().execute(job.index());
  }

  @Override
  void copy(CopyJob job) {
    Program.shell(
        "pg_dump -d '%s' | psql -qX -v ON_ERROR_STOP=1 -d '%s'"
            .formatted(stage.source().connectString(), stage.target().connectString()));
  }
}
