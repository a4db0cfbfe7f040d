package dev.jlondiste.cli;

/** Headings of the help text, in its order. */
enum CommandGroup {
  NODE_INITIALIZATION("Node Initialization"),
  NODE_ADMINISTRATION("Node Administration"),
  CASCADE_LAYOUT("Cascade layout change"),
  DAEMON("Replication Daemon"),
  REPLICATION_ADMINISTRATION("Replication Administration"),
  REPLICATION_EXTRA("Replication Extra");

  private final String heading;

  CommandGroup(String heading) {
    this.heading = heading;
  }

  String heading() {
    return heading;
  }
}
