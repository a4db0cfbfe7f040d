package dev.jlondiste.admin.topology;

import dev.jlondiste.cascade.NodeInfo;
import dev.jlondiste.pgq.row.UrlEncoding;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * The node attribute by which a takeover marks its two nodes until it is finished. Commands that
 * would make its end impossible refuse to run.
 */
public final class UnfinishedTakeover {
  /** The key of the attribute; its value is OLD:NEW:ID, the names as in a URL. */
  public static final String KEY = "takeover";

  private UnfinishedTakeover() {}

  /** Returns the old and the new node; an empty list if the node has no mark. */
  static List<String> nodes(NodeInfo node) {
    String mark =
        node.attributes()
            .map(UrlEncoding::decodeDictionary)
            .map(attributes -> attributes.getOrDefault(KEY, ""))
            .orElse("");
    return mark.isEmpty() ? List.of() : names(mark);
  }

  private static List<String> names(String mark) {
    return Arrays.stream(mark.split(":"))
        .limit(2)
        .map(name -> URLDecoder.decode(name, StandardCharsets.UTF_8))
        .toList();
  }
}
