package dev.jlondiste.cli;

import dev.jlondiste.admin.status.NodeStatus;
import dev.jlondiste.admin.status.StatusTree;
import dev.jlondiste.cli.StatusFields.Field;
import java.util.ArrayList;
import java.util.List;

/** Draws the tree of nodes. Scripts parse the result, so its columns must not change. */
final class StatusText {
  private static final int DATA_COLUMN = 30;
  private static final int COMPACT_TITLE = 60;
  private static final int COMPACT_FIELD = 30;
  private static final String RED = "\u001b[31m";
  private static final String PLAIN = "\u001b[0m";

  private final boolean colored;
  private final List<String> lines = new ArrayList<>();

  private StatusText(boolean colored) {
    this.colored = colored;
  }

  static List<String> lines(StatusTree tree, boolean compact, boolean colored) {
    StatusText text = new StatusText(colored);
    tree.failures()
        .forEach(
            node ->
                text.lines.add("Node '" + node.name() + "' failure: " + node.failure().orElse("")));
    text.lines.add("Queue: " + tree.queue() + "   Local node: " + tree.localNode().orElse("None"));
    text.lines.add("");
    for (NodeStatus root : tree.roots()) {
      if (compact) {
        text.addCompact(root, "");
      } else {
        text.lines.add(StatusFields.title(root));
        text.addBelowTitle(root, "  ");
      }
    }
    return text.lines;
  }

  /**
   * {@code indent} is the text to the left of the line that leads from the node to its children.
   */
  private void addBelowTitle(NodeStatus node, String indent) {
    List<NodeStatus> children = node.children();
    String start = pad(indent + (children.isEmpty() ? "" : "|"), DATA_COLUMN - 1) + " ";
    StatusFields.of(node).forEach(field -> lines.add(start + shown(field)));
    for (int i = 0; i < children.size(); i++) {
      lines.add(indent + "+--: " + StatusFields.title(children.get(i)));
      addBelowTitle(children.get(i), indent + (i < children.size() - 1 ? "|  " : "   "));
    }
  }

  private void addCompact(NodeStatus node, String indent) {
    StringBuilder line = new StringBuilder(pad(indent + StatusFields.title(node), COMPACT_TITLE));
    for (Field field : StatusFields.of(node)) {
      line.append(shown(field)).append(pad("", COMPACT_FIELD - field.text().length()));
    }
    lines.add(line.toString());
    node.children().forEach(child -> addCompact(child, indent + "   "));
  }

  private String shown(Field field) {
    return colored && field.urgent() ? RED + field.text() + PLAIN : field.text();
  }

  private static String pad(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()));
  }
}
