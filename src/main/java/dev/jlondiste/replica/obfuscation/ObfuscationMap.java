package dev.jlondiste.replica.obfuscation;

import dev.jlondiste.db.TableName;
import dev.jlondiste.fault.UserError;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * The file with the rules of all tables: table, column, rule. It is read again when it has changed.
 */
public final class ObfuscationMap {
  /** BLAKE2s accepts keys of at most this many bytes. */
  private static final int MAX_KEY_BYTES = 32;

  private static final Map<Path, ObfuscationMap> READ = new ConcurrentHashMap<>();

  private final Path file;
  private final long size;
  private final long changed;
  private final Map<TableName, Map<String, ColumnRule>> tables;

  private ObfuscationMap(
      Path file, long size, long changed, Map<TableName, Map<String, ColumnRule>> tables) {
    this.file = file;
    this.size = size;
    this.changed = changed;
    this.tables = tables;
  }

  /**
   * Returns the rules of a table.
   *
   * @param key of the hashes; empty for none
   * @throws UserError if the file cannot be read, or does not have the table
   */
  public static TableRules rules(Path file, TableName table, String key) {
    if (key.getBytes(StandardCharsets.UTF_8).length > MAX_KEY_BYTES) {
      throw new UserError("obfuscator_key has more than " + MAX_KEY_BYTES + " bytes", null);
    }
    Map<String, ColumnRule> columns = current(file).tables.get(table);
    if (columns == null) {
      throw new UserError(
          "table " + table + " is not in " + file,
          "add it to the file, with a rule for each column that may be seen here: keep, bool,"
              + " hash32, hash64, hash");
    }
    return new TableRules(columns, key);
  }

  private static ObfuscationMap current(Path file) {
    try {
      long size = Files.size(file);
      long changed = Files.getLastModifiedTime(file).toMillis();
      ObfuscationMap known = READ.get(file);
      if (known == null || known.size != size || known.changed != changed) {
        known = new ObfuscationMap(file, size, changed, read(file));
        READ.put(file, known);
      }
      return known;
    } catch (IOException e) {
      throw new UserError("cannot read obfuscator_map " + file + ": " + e, "check the path", e);
    }
  }

  private static Map<TableName, Map<String, ColumnRule>> read(Path file) throws IOException {
    try (Reader text = Files.newBufferedReader(file)) {
      Object loaded = new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
      Map<TableName, Map<String, ColumnRule>> tables = new HashMap<>();
      for (Map.Entry<String, @Nullable Object> table : map(loaded, "the file").entrySet()) {
        tables.put(TableName.parse(table.getKey()), members(table.getValue(), table.getKey()));
      }
      return tables;
    } catch (YAMLException | IllegalArgumentException e) {
      throw new UserError(
          "obfuscator_map " + file + ": " + e.getMessage(),
          "the file has tables, their columns, and a rule for each: 'public.t: {id: keep}'",
          e);
    }
  }

  private static Map<String, ColumnRule> members(@Nullable Object value, String place) {
    Map<String, ColumnRule> rules = new HashMap<>();
    map(value, place).forEach((name, rule) -> rules.put(name, rule(rule, place + "." + name)));
    return rules;
  }

  private static ColumnRule rule(@Nullable Object value, String place) {
    if (value instanceof Map) {
      return ColumnRule.ofMembers(members(value, place));
    }
    try {
      return ColumnRule.of(Rule.of(String.valueOf(value)));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(place + ": " + e.getMessage(), e);
    }
  }

  private static Map<String, @Nullable Object> map(@Nullable Object value, String place) {
    if (!(value instanceof Map<?, ?> map)) {
      throw new IllegalArgumentException(place + " is not a map");
    }
    Map<String, @Nullable Object> named = new HashMap<>();
    map.forEach((name, member) -> named.put(String.valueOf(name), member));
    return named;
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
