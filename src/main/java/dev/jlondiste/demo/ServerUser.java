package dev.jlondiste.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * PostgreSQL refuses to run as root, and containers like to be root. So root puts something in
 * front of the command: a user namespace, in which it is nobody but keeps its files; where that is
 * forbidden, as in Docker, the user nobody, to whom the server's directory is given.
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
      if (user.works()) {
        return user;
      }
    }
    throw new IOException(
        "PostgreSQL does not run as root, and there is no unshare, setpriv, or runuser");
  }

  List<String> command(String... program) {
    List<String> command = new ArrayList<>();
    if (!prefix.isEmpty()) {
      command.addAll(List.of(prefix.split(" ", -1)));
    }
    command.addAll(List.of(program));
    return command;
  }

  /** Makes a directory of ours one that the server may write to. */
  void give(Path directory) throws IOException {
    if (this == SETPRIV || this == RUNUSER) {
      Files.setOwner(
          directory,
          directory
              .getFileSystem()
              .getUserPrincipalLookupService()
              .lookupPrincipalByName("nobody"));
    }
  }

  boolean works() throws InterruptedException {
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
