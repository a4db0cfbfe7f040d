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
 * Which tables or sequences the words of a command mean.
 *
 * @param words names and patterns
 * @param all without words: everything that the command could act on
 * @param force unknown names are passed on
 */
public record ObjectChoice(List<String> words, boolean all, boolean force) {
  private static final Logger log = LoggerFactory.getLogger(ObjectChoice.class);

  public ObjectChoice {
    words = List.copyOf(words);
  }

  /** Just these, unknown ones refused. */
  public static ObjectChoice of(List<String> words, boolean all) {
    return new ObjectChoice(words, all, false);
  }

  /**
   * Every object once, in the order of the words. Says so when nothing is left to do.
   *
   * @param candidates what the command could act on; patterns are looked up here
   * @param processed what it has been done to before; naming these is no mistake
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

  /** True when it is meant by its name; false when it is one of all or fits a pattern. */
  boolean names(TableName table) {
    return words.stream().anyMatch(word -> !Glob.isPattern(word) && name(word).equals(table));
  }

  /** Names as they are, patterns as the candidates they match; each once. */
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

  /** A name as an operator writes it. */
  public static TableName name(String word) {
    try {
      return TableName.parse(word);
    } catch (IllegalArgumentException e) {
      throw new UserError("'" + word + "' is no name of a table or sequence", "schema.name", e);
    }
  }
}
