package dev.jlondiste.structure;

import dev.jlondiste.db.Quoting;
import dev.jlondiste.db.TableName;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.structure.SequenceStructure.Link;
import dev.jlondiste.structure.TableStructure.Column;
import dev.jlondiste.structure.TableStructure.Constraint;
import dev.jlondiste.structure.TableStructure.Grant;
import dev.jlondiste.structure.TableStructure.Index;
import dev.jlondiste.structure.TableStructure.Rule;
import dev.jlondiste.structure.TableStructure.Trigger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Generates the statements that create a table on a server of another version, optionally under
 * another name. Indexes and constraints whose names begin with the table's name are renamed with
 * it. Foreign keys and inheritance are omitted.
 */
final class TableDdl {
  private static final Map<String, String> STORAGE =
      Map.of("p", "plain", "e", "external", "x", "extended", "m", "main");
  private static final Map<String, String> FIRING =
      Map.of("D", "disable", "R", "enable replica", "A", "enable always");

  private final TableStructure source;
  private final TableName target;
  private final int version;
  private final String alter;

  TableDdl(TableStructure source, TableName target, int targetVersion) {
    this.source = source;
    this.target = target;
    this.version = targetVersion;
    this.alter = "alter table only " + target.quoted() + " ";
  }

  /** The statements for columns and primary key. */
  List<DdlStep> minimal() {
    List<DdlStep> steps = new ArrayList<>();
    steps.add(table(false));
    constraints(steps, true);
    return steps;
  }

  /**
   * The statements for all but owner and grants, which depend on the roles of the target server.
   */
  List<DdlStep> full() {
    List<DdlStep> steps = new ArrayList<>();
    steps.add(table(true));
    for (Column column : source.columns()) {
      defaults(column, steps);
    }
    constraints(steps, false);
    for (Index index : source.indexes()) {
      if (index.valid()) {
        String name = renamed(index.name());
        steps.add(new DdlStep(name, indexSql(index, name, target)));
      }
    }
    for (Trigger trigger : source.triggers()) {
      steps.add(new DdlStep(trigger.name(), triggerSql(trigger)));
    }
    for (Rule rule : source.rules()) {
      steps.add(new DdlStep(rule.name(), ruleSql(source, target, rule)));
    }
    comments(steps);
    return steps;
  }

  private DdlStep table(boolean full) {
    String columns =
        source.columns().stream().map(this::columnSql).collect(Collectors.joining(",\n  "));
    String unlogged = full && source.unlogged() ? "unlogged " : "";
    String with = full && !source.options().isEmpty() ? " with (" + source.options() + ")" : "";
    return new DdlStep(
        target.full(),
        "create %stable %s (\n  %s\n)%s".formatted(unlogged, target.quoted(), columns, with));
  }

  /**
   * Generated columns remain generated in a minimal table, too, since their values are not copied.
   */
  private String columnSql(Column column) {
    StringBuilder sql = new StringBuilder(Quoting.identifier(column.name()));
    sql.append(' ').append(column.type());
    if (column.collation() != null) {
      sql.append(" collate ").append(column.collation());
    }
    if (column.isGenerated()) {
      if (version < 120000) {
        throw new UserError(
            "table %s has the generated column '%s', which this server (before 12) does not support"
                .formatted(source.name(), column.name()),
            "create the table on this node with an ordinary column instead");
      }
      String kind = column.generated().equals("v") && version >= 180000 ? "virtual" : "stored";
      sql.append(" generated always as (").append(column.expression()).append(") ").append(kind);
    }
    return sql.append(column.notNull() ? " not null" : "").toString();
  }

  private void defaults(Column column, List<DdlStep> steps) {
    String change = alter + "alter column " + Quoting.identifier(column.name());
    if (column.isIdentity()) {
      steps.add(new DdlStep(column.name(), identitySql(column, change)));
    } else if (column.expression() != null && !column.isGenerated()) {
      steps.add(new DdlStep(column.name(), change + " set default " + column.expression()));
    }
    String storage = column.storage() == null ? null : STORAGE.get(column.storage());
    if (storage != null) {
      steps.add(new DdlStep(column.name(), change + " set storage " + storage));
    }
  }

  /** Servers before 10 get an owned sequence and a default instead of an identity column. */
  private String identitySql(Column column, String change) {
    Optional<SequenceStructure> sequence =
        source.sequences().stream()
            .filter(s -> s.link() == Link.IDENTITY && s.column().equals(Optional.of(column.name())))
            .findFirst();
    if (version >= 100000) {
      return "%s add generated %s as identity%s"
          .formatted(
              change,
              column.identity().equals("a") ? "always" : "by default",
              sequence
                  .map(s -> " (sequence name " + s.name().quoted() + " " + s.options() + ")")
                  .orElse(""));
    }
    SequenceStructure plain = sequence.orElseThrow();
    return String.join(
        ";\n",
        plain.createSql(version),
        plain.ownedBySql(target),
        change + " set default nextval(" + Quoting.literal(plain.name().quoted()) + ")");
  }

  private void constraints(List<DdlStep> steps, boolean onlyPrimaryKey) {
    for (Constraint constraint : source.constraints()) {
      if (constraint.isPrimaryKey() || !onlyPrimaryKey) {
        String name = renamed(constraint.name());
        steps.add(new DdlStep(name, constraintSql(constraint, name, target)));
      }
    }
  }

  private String triggerSql(Trigger trigger) {
    String create = retarget(trigger.definition(), " ON ");
    // All versions accept PROCEDURE; FUNCTION exists since 11.
    int at = create.lastIndexOf(" EXECUTE FUNCTION ");
    if (at >= 0) {
      create =
          create.substring(0, at)
              + " EXECUTE PROCEDURE "
              + create.substring(at + " EXECUTE FUNCTION ".length());
    }
    return create + firing(trigger.enabled(), target, "trigger", trigger.name());
  }

  private void comments(List<DdlStep> steps) {
    if (source.comment() != null) {
      steps.add(
          new DdlStep(
              "Comment",
              "comment on table " + target.quoted() + " is " + Quoting.literal(source.comment())));
    }
    for (Column column : source.columns()) {
      if (column.comment() != null) {
        steps.add(
            new DdlStep(
                "Comment",
                "comment on column %s.%s is %s"
                    .formatted(
                        target.quoted(),
                        Quoting.identifier(column.name()),
                        Quoting.literal(column.comment()))));
      }
    }
  }

  static String indexSql(Index index, String name, TableName table) {
    return "create %sindex %s on %s %s"
        .formatted(
            index.unique() ? "unique " : "",
            Quoting.identifier(name),
            table.quoted(),
            index.definition());
  }

  static String constraintSql(Constraint constraint, String name, TableName table) {
    // Without ONLY, because check constraints cannot be added to a parent table alone.
    return "alter table %s add constraint %s %s"
        .formatted(table.quoted(), Quoting.identifier(name), constraint.definition());
  }

  static String ruleSql(TableStructure source, TableName target, Rule rule) {
    String create = rule.definition().strip();
    create = create.endsWith(";") ? create.substring(0, create.length() - 1) : create;
    return retarget(create, " TO ", source, target)
        + firing(rule.enabled(), target, "rule", rule.name());
  }

  private static String firing(String enabled, TableName table, String kind, String name) {
    String how = FIRING.get(enabled);
    return how == null
        ? ""
        : ";\nalter table %s %s %s %s"
            .formatted(table.quoted(), how, kind, Quoting.identifier(name));
  }

  static String grantSql(Grant grant, TableName table) {
    return "grant %s%s on table %s to %s%s"
        .formatted(
            grant.privilege().toLowerCase(Locale.ROOT),
            grant.column() == null ? "" : " (" + Quoting.identifier(grant.column()) + ")",
            table.quoted(),
            grant.grantee().isEmpty() ? "public" : Quoting.identifier(grant.grantee()),
            grant.grantable() ? " with grant option" : "");
  }

  private String retarget(String definition, String word) {
    return retarget(definition, word, source, target);
  }

  /**
   * Replaces the table that follows the first {@code word}, which is the table of the definition.
   */
  private static String retarget(
      String definition, String word, TableStructure source, TableName target) {
    String from = word + source.sqlName();
    int at = definition.indexOf(from);
    if (at < 0) {
      throw new IllegalStateException("no '" + from + "' in: " + definition);
    }
    return definition.substring(0, at)
        + word
        + target.quoted()
        + definition.substring(at + from.length());
  }

  private String renamed(String name) {
    String before = source.name().name();
    return name.startsWith(before) && !before.equals(target.name())
        ? target.name() + name.substring(before.length())
        : name;
  }
}
