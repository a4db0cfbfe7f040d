package dev.jlondiste.replica.handler;

import dev.jlondiste.db.Quoting;
import dev.jlondiste.db.Sql;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.pgq.DecodedEvent;
import dev.jlondiste.pgq.Event;
import dev.jlondiste.pgq.RowChange;
import dev.jlondiste.pgq.RowChangeReader;
import dev.jlondiste.pgq.row.RawRow;
import dev.jlondiste.pgq.row.Row;
import dev.jlondiste.pgq.row.RowShape;
import dev.jlondiste.pgq.row.TextRow;
import dev.jlondiste.replica.apply.ComputedColumns;
import dev.jlondiste.replica.obfuscation.ObfuscationMap;
import dev.jlondiste.replica.obfuscation.TableRules;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces values by hashes and leaves columns out, by rules of a file. Passes on only what the
 * local table has. Columns are left out unless they have a rule.
 */
final class ObfuscateHandler extends RowHandler {
  private static final Logger log = LoggerFactory.getLogger(ObfuscateHandler.class);

  private static final String MAP = "obfuscator_map";
  private static final String KEY = "obfuscator_key";

  private @Nullable TableRules rules;
  private @Nullable Obfuscated last;

  /** What rows of one shape become. */
  private record Obfuscated(RowShape from, RowShape to, List<Integer> positions) {}

  private ObfuscateHandler(HandlerContext context) {
    super(context);
  }

  private TableRules rules() {
    TableRules known = rules;
    if (known == null) {
      String file =
          context()
              .setting(MAP)
              .orElseThrow(
                  () ->
                      new UserError(
                          "obfuscator_map is not set",
                          "set it in the ini file, to the YAML file with the rules"));
      known =
          ObfuscationMap.rules(Path.of(file), context().table(), context().setting(KEY).orElse(""));
      rules = known;
    }
    return known;
  }

  @Override
  public RowMapping mapping(Connection local, List<String> columns) {
    Map<String, String> written = new LinkedHashMap<>();
    columns.stream()
        .filter(column -> !rules().leavesOut(column))
        .forEach(column -> written.put(column, column));
    return new RowMapping(
        written,
        Map.of(),
        ComputedColumns.NONE,
        written.keySet().stream()
            .filter(column -> !rules().keeps(column))
            .collect(Collectors.toSet()));
  }

  @Override
  public Optional<CopiedRows> copiedRows(List<String> columns, boolean raw) {
    TableRules known = rules();
    return Optional.of(row -> CopyLine.write(obfuscate(known, columns, CopyLine.read(row))));
  }

  private static List<byte @Nullable []> obfuscate(
      TableRules rules, List<String> columns, List<byte @Nullable []> values) {
    List<byte @Nullable []> changed = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      byte @Nullable [] value = values.get(i);
      changed.add(value == null ? null : rules.apply(columns.get(i), value));
    }
    return changed;
  }

  @Override
  public void adapt(Connection local) throws SQLException {
    for (String column : LocalColumns.read(local, destination()).names()) {
      String name = Quoting.identifier(column);
      if (rules().leavesOut(column)) {
        alter(local, "drop column " + name);
      } else if (rules().type(column).isPresent()) {
        alter(local, "alter column " + name + " drop default");
        alter(
            local,
            "alter column %s type %s using null".formatted(name, rules().type(column).get()));
      }
    }
  }

  private void alter(Connection local, String change) throws SQLException {
    Sql.run(local, "alter table only " + destination().quoted() + " " + change);
  }

  @Override
  public void check(Connection local, SourceTable source) {
    for (String key : source.key()) {
      if (rules().leavesOut(key)) {
        throw keyLeftOut(key);
      }
      if (rules().isAmbiguous(key)) {
        throw new UserError(
            "key column '%s' of %s has a rule by which many values become the same"
                .formatted(key, context().table()),
            "rows are identified by their key: give it rule keep, hash64 or hash");
      }
      if (rules().mayCollide(key)) {
        log.warn(
            "{}: key column '{}' has rule hash32: of 100000 values two are likely to have the same"
                + " hash\nHINT:  hash64 and hash are longer",
            context().table(),
            key);
      }
    }
  }

  private UserError keyLeftOut(String key) {
    return new UserError(
        "key column '%s' of %s is left out".formatted(key, context().table()),
        "rows are identified by their key: give it a rule in obfuscator_map, keep or hash");
  }

  @Override
  public void apply(DecodedEvent event) throws SQLException {
    applier().apply(event.withRow(obfuscate(row(event))), destination());
  }

  private static RowChange row(DecodedEvent event) {
    RowChange row = event.row();
    return row == null ? RowEvent.read(event.readable()) : row;
  }

  private RowChange obfuscate(RowChange change) {
    Row row = change.row();
    Charset charset = row.isRaw() ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8;
    Obfuscated shape = shape(row.shape());
    List<@Nullable String> texts = new ArrayList<>();
    for (int position : shape.positions()) {
      String text = row.text(position);
      texts.add(
          text == null
              ? null
              : new String(
                  rules().apply(row.shape().columns().get(position), text.getBytes(charset)),
                  charset));
    }
    return new RowChange(
        change.operation(),
        change.isMoved(),
        row.isRaw() ? new RawRow(shape.to(), texts) : new TextRow(shape.to(), texts));
  }

  private Obfuscated shape(RowShape shape) {
    Obfuscated known = last;
    if (known == null || !known.from().equals(shape)) {
      List<String> columns =
          shape.columns().stream().filter(column -> !rules().leavesOut(column)).toList();
      for (String key : shape.keys()) {
        if (!columns.contains(key)) {
          throw keyLeftOut(key);
        }
      }
      known =
          new Obfuscated(
              shape,
              new RowShape(shape.json(), shape.keys(), columns),
              columns.stream().map(shape.columns()::indexOf).toList());
      last = known;
    }
    return known;
  }

  /** Fields that may have values of the row are left out. */
  @Override
  public Optional<Event> passOn(DecodedEvent decoded) {
    Event event = decoded.readable();
    if (event.isTruncate()) {
      return Optional.of(event);
    }
    String before = event.extra2();
    if (before != null && !decoded.raw()) {
      before = RowEvent.data(obfuscate(RowChangeReader.read(event.withData(before))).row());
    } else {
      before = null;
    }
    RowChange change = obfuscate(row(decoded));
    Event plain = RowEvent.withoutExtras(event);
    return Optional.of(
        RowEvent.of(plain, change.operation(), change.keys(), RowEvent.data(change.row()), before));
  }

  static final class Factory implements TableHandlerFactory {
    private static final HandlerDescription DESCRIPTION =
        HandlerDescription.of(
            "obfuscate",
            "Replaces values by hashes, and leaves columns out.",
            """
            obfuscator_map in the ini file names a YAML file: table, column, rule. Rules: keep, skip,
            bool, hash32, hash64, hash; a map of rules applies to the members of a JSON object. Columns
            without a rule are left out. Hashes are BLAKE2s with the key obfuscator_key. Events that
            are passed on have the replaced values as well.\
            """,
            List.of(IgnoreTruncate.ARGUMENT));

    @Override
    public HandlerDescription description() {
      return DESCRIPTION;
    }

    @Override
    public TableHandler create(HandlerContext context) {
      return new ObfuscateHandler(context);
    }
  }
}
