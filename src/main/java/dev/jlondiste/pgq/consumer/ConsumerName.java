package dev.jlondiste.pgq.consumer;

/** The name of a queue and of one of its consumers. */
record ConsumerName(String queue, String consumer) {
  ConsumerName {
    if (queue.isEmpty() || consumer.isEmpty()) {
      throw new IllegalArgumentException(
          "empty name of queue or consumer: '" + queue + "/" + consumer + "'");
    }
  }

  /** {@code QUEUE/CONSUMER}, for logs and meters. */
  @Override
  public String toString() {
    return queue + "/" + consumer;
  }
}
