package dev.jlondiste.pgq.consumer;

/** Which consumer of which queue. */
record ConsumerName(String queue, String consumer) {
  ConsumerName {
    if (queue.isEmpty() || consumer.isEmpty()) {
      throw new IllegalArgumentException(
          "empty name of queue or consumer: '" + queue + "/" + consumer + "'");
    }
  }

  /** As logs and meters say it. */
  @Override
  public String toString() {
    return queue + "/" + consumer;
  }
}
