package dev.jlondiste.admin.tables;

import dev.jlondiste.config.Glob;
import dev.jlondiste.db.TableName;
import dev.jlondiste.fault.UserError;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tables or sequences that a command is to act on.
 *
 * @param words names and patterns
 * @param all without words: every object that the command could act on
 * @param force accept unknown names
 */
public record ObjectChoice(List<String> words, boolean all, boolean force) {
  private static final Logger log = LoggerFactory.getLogger(ObjectChoice.class);

  public ObjectChoice {
    words = List.copyOf(words);
  }

  /** Refuses unknown names. */
  public static ObjectChoice of(List<String> words, boolean all) {
    return new ObjectChoice(words, all, false);
  }

  /**
   * Returns each chosen object once, in the order of the words. Logs a line if nothing is left to
   * do.
   *
   * @param candidates the objects that the command could act on; patterns match against these
   * @param processed the objects that the command has processed already; naming one of them is no
   *     error
   */
  List<TableName> among(Collection<TableName> candidates, Collection<TableName> processed) {
    Set<TableName> chosen = new LinkedHashSet<>();
    if (words.isEmpty() && all) {
      chosen.addAll(candidates);
    }
    List<TableName> unknown = new ArrayList<>();
    for (TableName name : expand(words, candidates)) {
      if (candidates.contains(name)) {
        chosen.add(name);
      } else if (processed.contains(name)) {
        log.info("{} already processed", name);
      } else if (force) {
        log.warn("{} not available, but --force is used", name);
        chosen.add(name);
      } else {
        log.warn("{} not available", name);
        unknown.add(name);
      }
    }
    if (!unknown.isEmpty()) {
      throw new UserError(
          "Cannot proceed", "'missing' lists what can be added, 'tables' and 'seqs' what was");
    }
    if (chosen.isEmpty()) {
      log.info("what to do ?");
    }
    return List.copyOf(chosen);
  }

  /** True if the table is given by its name; false if only {@code all} or a pattern includes it. */
  boolean names(TableName table) {
    return words.stream().anyMatch(word -> !Glob.isPattern(word) && name(word).equals(table));
  }

  /**
   * Resolves words: names stay as they are, patterns become the candidates that they match; each
   * object once.
   */
  public static List<TableName> expand(List<String> words, Collection<TableName> candidates) {
    Set<TableName> names = new LinkedHashSet<>();
    for (String word : words) {
      if (Glob.isPattern(word)) {
        Glob glob = glob(word);
        candidates.stream().filter(name -> glob.fits(name.full())).forEach(names::add);
      } else {
        names.add(name(word));
      }
    }
    return List.copyOf(names);
  }

  private static Glob glob(String word) {
    return Glob.of(word.indexOf('.') < 0 ? "public." + word : word);
  }

  /** Parses a name as given on the command line; throws UserError if it is not valid. */
  public static TableName name(String word) {
    try {
      return TableName.parse(word);
    } catch (IllegalArgumentException e) {
      throw new UserError("'" + word + "' is not a name of a table or sequence", "schema.name", e);
    }
  }
}
