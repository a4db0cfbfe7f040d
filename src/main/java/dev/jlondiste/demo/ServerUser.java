package dev.jlondiste.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The user that runs a server. PostgreSQL refuses to run as root, which is the usual user in
 * containers. As root, the command is therefore run in a user namespace, without a change of file
 * ownership; where that is forbidden, as in Docker, as user nobody, which then owns the server's
 * directory.
 */
enum ServerUser {
  SELF(""),
  NAMESPACE("unshare --user"),
  SETPRIV("setpriv --reuid=nobody --clear-groups"),
  RUNUSER("runuser -u nobody --");

  private final String prefix;

  ServerUser(String prefix) {
    this.prefix = prefix;
  }

  static ServerUser find() throws IOException, InterruptedException {
    if (!System.getProperty("user.name").equals("root")) {
      return SELF;
    }
    for (ServerUser user : List.of(NAMESPACE, SETPRIV, RUNUSER)) {
      if (user.isAvailable()) {
        return user;
      }
    }
    throw new IOException(
        "PostgreSQL does not run as root, and none of unshare, setpriv and runuser works here");
  }

  List<String> command(String... program) {
    List<String> command = new ArrayList<>();
    if (!prefix.isEmpty()) {
      command.addAll(List.of(prefix.split(" ", -1)));
    }
    command.addAll(List.of(program));
    return command;
  }

  /** Makes a directory writable for the server. */
  void makeWritable(Path directory) throws IOException {
    if (this == SETPRIV || this == RUNUSER) {
      Files.setOwner(
          directory,
          directory
              .getFileSystem()
              .getUserPrincipalLookupService()
              .lookupPrincipalByName("nobody"));
    }
  }

  boolean isAvailable() throws InterruptedException {
    try {
      Process probe =
          new ProcessBuilder(command("true"))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return probe.waitFor() == 0;
    } catch (IOException e) {
      return false; // not installed
    }
  }
}
