package dev.jlondiste.admin.tables;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.Replies;
import dev.jlondiste.db.Sql;
import dev.jlondiste.db.TableName;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.replica.LondisteFunctions;
import dev.jlondiste.replica.LondisteFunctions.MissingObject;
import dev.jlondiste.replica.SequenceInfo;
import dev.jlondiste.structure.SequenceReader;
import dev.jlondiste.structure.SequenceStructure;
import dev.jlondiste.structure.StructureCopy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Attaches sequences to the local node, all in one transaction. */
public final class AddSequences {
  private static final Logger log = LoggerFactory.getLogger(AddSequences.class);

  private final Cascade cascade;
  private final boolean create;
  private final boolean skipMissing;

  /**
   * Creates missing sequences as they are on the provider if {@code create}; skips those that do
   * not exist here if {@code skipMissing}.
   */
  public AddSequences(Cascade cascade, boolean create, boolean skipMissing) {
    this.cascade = cascade;
    this.create = create;
    this.skipMissing = skipMissing;
  }

  public void add(ObjectChoice choice) throws SQLException {
    String queue = cascade.queue();
    boolean root = cascade.node().isRoot();
    if (!root) {
      List<SequenceInfo> onProvider =
          cascade.call(cascade.providerName(), db -> LondisteFunctions.getSequences(db, queue));
      new KnownObjects(cascade).refreshSequences(onProvider);
    }
    Set<TableName> missing =
        cascade.local().call(db -> LondisteFunctions.showMissing(db, queue)).stream()
            .filter(object -> object.kind().equals("S"))
            .map(MissingObject::name)
            .collect(Collectors.toCollection(LinkedHashSet::new));
    Set<TableName> local =
        cascade.local().call(db -> LondisteFunctions.getSequences(db, queue)).stream()
            .filter(SequenceInfo::local)
            .map(SequenceInfo::name)
            .collect(Collectors.toSet());
    List<TableName> sequences = choice.among(missing, local);
    Map<TableName, SequenceStructure> models = create && !root ? models(sequences) : Map.of();
    cascade.local().run(db -> addAll(db, sequences, models));
  }

  private Map<TableName, SequenceStructure> models(List<TableName> sequences) throws SQLException {
    return cascade.call(
        cascade.providerName(),
        db -> {
          Map<TableName, SequenceStructure> models = new HashMap<>();
          for (TableName name : sequences) {
            SequenceReader.read(db, name).ifPresent(model -> models.put(name, model));
          }
          return models;
        });
  }

  private void addAll(
      Connection db, List<TableName> sequences, Map<TableName, SequenceStructure> models)
      throws SQLException {
    Sql.run(
        db,
        "select set_config('statement_timeout', ?, true)",
        Long.toString(cascade.settings().lockTimeout().toMillis()));
    for (TableName name : sequences) {
      Optional<SequenceStructure> model = Optional.ofNullable(models.get(name));
      if (model.isPresent() && !StructureCopy.createSequence(db, model.get())) {
        log.info("Sequence {} already exist, not touching", name);
      }
      if (SequenceReader.read(db, name).isEmpty()) {
        if (!skipMissing) {
          throw new UserError(
              "Sequence '" + name + "' missing on local node",
              "create it first, or use --create or --skip-non-existing");
        }
        log.warn("Sequence {} missing on local node, skipping", name);
        continue;
      }
      Replies.check(LondisteFunctions.localAddSequence(db, cascade.queue(), name));
    }
  }
}
