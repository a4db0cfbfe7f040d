package dev.jlondiste.cli;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.config.Loaded;
import dev.jlondiste.config.NodeSettings;
import dev.jlondiste.replica.handler.TableHandlers;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The context of one command. Messages go to the log; results such as tables and trees go to {@link
 * #out}. Used by one thread only.
 */
public final class NodeSession implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(NodeSession.class);

  private final Invocation invocation;
  private final NodeSettings settings;
  private final PrintStream out;
  private final Cascade cascade;

  /**
   * The command line of one call.
   *
   * @param program the name under which the program was called
   * @param overrides values that override those of the ini file, also after a reload
   * @param words the whole command line
   * @param background true if {@code -d} was given
   */
  public record Invocation(
      String program,
      Path ini,
      Map<String, String> overrides,
      List<String> assumedDead,
      List<String> words,
      boolean background) {

    /** Reads the ini file and logs its warnings. */
    public NodeSettings settings() {
      Loaded<NodeSettings> loaded = load();
      loaded.warnings().forEach(log::warn);
      return loaded.settings();
    }

    /** The notes about the ini file, which are no warnings. */
    List<String> notes() {
      return load().notes();
    }

    private Loaded<NodeSettings> load() {
      List<String> sections =
          program.equals("londiste")
              ? List.of("londiste", "londiste3")
              : List.of("londiste3", "londiste");
      return NodeSettings.read(ini, overrides, sections);
    }
  }

  NodeSession(Invocation invocation, NodeSettings settings, PrintStream out) {
    this.invocation = invocation;
    this.settings = settings;
    this.out = out;
    TableHandlers.load(settings.handlerSettings());
    this.cascade = new Cascade(settings, new LinkedHashSet<>(invocation.assumedDead()));
  }

  public Invocation invocation() {
    return invocation;
  }

  public NodeSettings settings() {
    return settings;
  }

  /** Standard output. */
  public PrintStream out() {
    return out;
  }

  /** The local database, the other members, and the connections to them. */
  public Cascade cascade() {
    return cascade;
  }

  @Override
  public void close() {
    cascade.close();
  }
}
