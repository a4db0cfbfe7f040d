package dev.jlondiste.cascade;

/** The node or its worker is not registered, or no longer. A retry cannot succeed. */
public final class UnknownConsumer extends RuntimeException {
  UnknownConsumer(String queue, String consumer) {
    super("Unknown consumer: " + queue + "/" + consumer);
  }

  UnknownConsumer(Reply reply) {
    super(reply.note());
  }
}
