package dev.jlondiste.cascade;

import dev.jlondiste.pgq.UrlEncoding;
import java.util.List;
import java.util.stream.Stream;

/** The node attribute {@code sync_watermark}: nodes whose needs this subtree respects by itself. */
final class SyncWatermark {
  private SyncWatermark() {}

  static boolean isConfigured(NodeInfo node) {
    return !nodes(node).isEmpty();
  }

  static List<String> nodes(NodeInfo node) {
    return node.attributes()
        .map(UrlEncoding::decodeDictionary)
        .map(attributes -> attributes.get("sync_watermark"))
        .map(
            list -> Stream.of(list.split(",")).map(String::trim).filter(n -> !n.isEmpty()).toList())
        .orElse(List.of());
  }
}
