package dev.jlondiste.admin.takeover.clients;

import dev.jlondiste.fault.UserError;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The configuration file of PgBouncer, or a file that it includes. Only host, port and dbname of
 * single entries in section {@code databases} are changed; all else keeps its bytes. The file is
 * replaced by a rename, so PgBouncer reads the old one or the new one, and a crash leaves one of
 * them.
 */
final class PgBouncerIni {
  /** Keeps the bytes of any encoding. */
  private static final Charset BYTES = StandardCharsets.ISO_8859_1;

  private static final Pattern ENTRY =
      Pattern.compile("\\s*(?:\"((?:[^\"]|\"\")+)\"|([^\\s\"=;#]+))\\s*=(.*)", Pattern.DOTALL);
  private static final Pattern UNQUOTED = Pattern.compile("[\\w./:@%+-]+");

  private final Path file;

  PgBouncerIni(Path file) {
    this.file = file;
  }

  /** Returns what prevents {@link #direct}, a line each. */
  List<String> obstacles(List<String> databases) {
    try {
      List<String> lines = read();
      List<String> found = new ArrayList<>();
      for (String database : databases) {
        if (entry(lines, database) < 0) {
          found.add(missing(database).text());
        }
      }
      if (!Files.isWritable(file.toRealPath().toAbsolutePath().getParent())) {
        found.add("directory of " + file + " is not writable, so the file cannot be replaced");
      }
      return found;
    } catch (IOException e) {
      return List.of(unreadable(e).text());
    }
  }

  /** Lets the entries of these databases connect to a server. Throws UserError on failure. */
  void direct(List<String> databases, PgBouncerTarget target) {
    List<String> lines;
    try {
      lines = read();
    } catch (IOException e) {
      throw unreadable(e);
    }
    for (String database : databases) {
      int at = entry(lines, database);
      if (at < 0) {
        throw missing(database);
      }
      lines.set(at, directed(lines.get(at), database, target));
    }
    try {
      write(String.join("\n", lines));
    } catch (IOException e) {
      throw new UserError("could not write " + file + ": " + e, null, e);
    }
  }

  /** Lines without line feeds; a carriage return and an end without a line feed are kept. */
  private List<String> read() throws IOException {
    return new ArrayList<>(Arrays.asList(Files.readString(file, BYTES).split("\n", -1)));
  }

  /** The index of the last entry of a database, which is the one that counts; -1 if none. */
  private static int entry(List<String> lines, String database) {
    int found = -1;
    boolean isInDatabases = false;
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (line.startsWith("[")) {
        isInDatabases = line.equalsIgnoreCase("[databases]");
      } else if (isInDatabases && database.equals(name(line))) {
        found = i;
      }
    }
    return found;
  }

  private static String name(String line) {
    Matcher entry = ENTRY.matcher(line);
    if (!entry.matches()) {
      return "";
    }
    return entry.group(1) == null ? entry.group(2) : entry.group(1).replace("\"\"", "\"");
  }

  private static String directed(String line, String database, PgBouncerTarget target) {
    Matcher entry = ENTRY.matcher(line);
    if (!entry.matches()) {
      throw new IllegalStateException(line);
    }
    String values = entry.group(3);
    values = with(values, "host", target.host());
    values = with(values, "port", Integer.toString(target.port()));
    if (!target.database().equals(database) || pair("dbname").matcher(values).find()) {
      values = with(values, "dbname", target.database());
    }
    return line.substring(0, entry.start(3)) + values;
  }

  private static Pattern pair(String key) {
    return Pattern.compile("(?<=^|\\s)(" + key + "\\s*=\\s*)('(?:[^']|'')*'|[^\\s']+)");
  }

  private static String with(String values, String key, String value) {
    String written =
        UNQUOTED.matcher(value).matches() ? value : "'" + value.replace("'", "''") + "'";
    Matcher pair = pair(key).matcher(values);
    if (pair.find()) {
      return values.substring(0, pair.start(2)) + written + values.substring(pair.end(2));
    }
    String text = values.stripTrailing();
    return text + " " + key + "=" + written + values.substring(text.length());
  }

  private void write(String text) throws IOException {
    Path real = file.toRealPath();
    Path copy = Files.createTempFile(real.getParent(), real.getFileName().toString(), ".new");
    try {
      try (FileChannel channel = FileChannel.open(copy, StandardOpenOption.WRITE)) {
        channel.write(BYTES.encode(text));
        channel.force(true);
      }
      keepRights(real, copy);
      Files.move(copy, real, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(copy);
    }
  }

  /** PgBouncer usually runs as another user and must be able to read the file again. */
  private static void keepRights(Path from, Path to) throws IOException {
    PosixFileAttributes rights =
        Files.getFileAttributeView(from, PosixFileAttributeView.class).readAttributes();
    PosixFileAttributeView copy = Files.getFileAttributeView(to, PosixFileAttributeView.class);
    PosixFileAttributes own = copy.readAttributes();
    if (!own.group().equals(rights.group())) {
      copy.setGroup(rights.group());
    }
    if (!own.owner().equals(rights.owner())) {
      copy.setOwner(rights.owner());
    }
    copy.setPermissions(rights.permissions());
  }

  private UserError missing(String database) {
    return new UserError(
        file + " has no entry '" + database + "' in section [databases]",
        "add one, or give the included file that has it: --pgbouncer-ini=FILE");
  }

  private UserError unreadable(IOException e) {
    return new UserError("could not read " + file + ": " + e, null, e);
  }
}
