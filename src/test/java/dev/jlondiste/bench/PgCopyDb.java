package dev.jlondiste.bench;

import java.util.List;

/** {@code pgcopydb clone} with its default settings. */
final class PgCopyDb extends Contender {
  PgCopyDb(Stage stage) {
    super(stage);
  }

  @Override
  void prepareCopy(CopyJob job) {
    stage.source().execute(job.index());
  }

  @Override
  void copy(CopyJob job) {
    Program.run(
        List.of(
            "pgcopydb",
            "clone",
            "--source",
            stage.source().connectString(),
            "--target",
            stage.target().connectString(),
            "--dir",
            stage.directory().resolve("pgcopydb").toString()));
  }
}
