package dev.jlondiste.structure;

import dev.jlondiste.db.Quoting;
import dev.jlondiste.db.Sql;
import dev.jlondiste.db.TableName;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.structure.SequenceStructure.Link;
import dev.jlondiste.structure.TableStructure.Grant;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates a table or sequence with the definition read from another server. The caller owns the
 * transaction. Types, collations and trigger functions must exist; owner and grants are omitted for
 * roles that do not exist.
 */
public final class StructureCopy {
  private static final Logger log = LoggerFactory.getLogger(StructureCopy.class);

  private static final String MAINTAIN = "MAINTAIN"; // exists since 17

  private StructureCopy() {}

  /** Creates columns, not-null constraints and the primary key, without defaults. */
  public static void createTable(Connection local, TableStructure model, TableName name)
      throws SQLException {
    requireTable(model);
    createSchema(local, name.schema());
    for (DdlStep step : new TableDdl(model, name, ServerVersion.of(local)).minimal()) {
      run(local, step);
    }
  }

  /** Creates all but foreign keys and inheritance. */
  public static void createFullTable(Connection local, TableStructure model, TableName name)
      throws SQLException {
    requireTable(model);
    int version = ServerVersion.of(local);
    createSchema(local, name.schema());
    Set<SequenceStructure> created = new LinkedHashSet<>();
    for (SequenceStructure sequence : model.sequences()) {
      if (sequence.link() != Link.IDENTITY && createSequence(local, sequence)) {
        created.add(sequence);
      }
    }
    for (DdlStep step : new TableDdl(model, name, version).full()) {
      run(local, step);
    }
    for (SequenceStructure sequence : created) {
      if (sequence.link() == Link.OWNED) {
        Ddl.run(local, sequence.ownedBySql(name));
      }
    }
    grants(local, model, name, version);
    owner(local, model, name);
  }

  /** Returns false, and changes nothing, if a sequence of that name exists. */
  public static boolean createSequence(Connection local, SequenceStructure model)
      throws SQLException {
    if (SequenceReader.read(local, model.name()).isPresent()) {
      return false;
    }
    createSchema(local, model.name().schema());
    run(local, new DdlStep(model.name().full(), model.createSql(ServerVersion.of(local))));
    return true;
  }

  private static void requireTable(TableStructure model) {
    if (model.isPartitioned()) {
      log.info("{} is partitioned on its source; it is created without partitions", model.name());
    } else if (!model.isOrdinary()) {
      throw new UserError(model.name() + " is not a table", "only tables can be replicated");
    }
  }

  private static void createSchema(Connection local, String schema) throws SQLException {
    // IF NOT EXISTS would require the CREATE privilege even if the schema exists.
    boolean exists =
        Sql.first(local, "select 1 from pg_catalog.pg_namespace where nspname = ?", r -> 1, schema)
            .isPresent();
    if (!exists) {
      run(local, new DdlStep(schema, "create schema " + Quoting.identifier(schema)));
    }
  }

  private static void run(Connection local, DdlStep step) throws SQLException {
    log.info("Creating {}", step.label());
    Ddl.run(local, step.sql());
  }

  private static void grants(Connection local, TableStructure model, TableName name, int version)
      throws SQLException {
    Set<String> unknown = new LinkedHashSet<>();
    for (Grant grant : model.grants()) {
      if (grant.privilege().equals(MAINTAIN) && version < 170000) {
        continue;
      }
      if (grant.grantee().isEmpty() || isMember(local, grant.grantee()).isPresent()) {
        Ddl.run(local, TableDdl.grantSql(grant, name));
      } else {
        unknown.add(grant.grantee());
      }
    }
    for (String role : unknown) {
      log.warn("{}: role {} does not exist on this server; its grants are not created", name, role);
    }
  }

  private static void owner(Connection local, TableStructure model, TableName name)
      throws SQLException {
    Optional<Boolean> member = isMember(local, model.owner());
    if (member.isEmpty()) {
      log.warn(
          "{}: role {} does not exist on this server; the owner is not set", name, model.owner());
    } else if (!member.get()) {
      log.warn(
          "{}: the current user is not a member of role {}; the owner is not set",
          name,
          model.owner());
    } else {
      run(
          local,
          new DdlStep(
              "Owner",
              "alter table " + name.quoted() + " owner to " + Quoting.identifier(model.owner())));
    }
  }

  /** True if the current user is a member of the role; empty if the role does not exist. */
  private static Optional<Boolean> isMember(Connection local, String role) throws SQLException {
    return Sql.first(
        local,
        "select pg_catalog.pg_has_role(oid, 'member') from pg_catalog.pg_roles where rolname = ?",
        row -> row.getBoolean(1),
        role);
  }
}
