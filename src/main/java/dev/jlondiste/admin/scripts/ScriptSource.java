package dev.jlondiste.admin.scripts;

import dev.jlondiste.fault.UserError;
import dev.jlondiste.replica.script.Script;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Scripts as an operator gives them: in files, or on the command line. */
public final class ScriptSource {
  private static final int NAME_DIGITS = 12;
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private ScriptSource() {}

  /** Reads files in UTF-8. The name of a script is the base name of its file. */
  public static List<Script> files(List<Path> files) {
    List<Script> scripts = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Path file : files) {
      String name = String.valueOf(file.getFileName());
      if (!names.add(name)) {
        throw new UserError(
            "two files have the name " + name,
            "a script is known by the name of its file, without directories, and executed once:"
                + " rename one of the two");
      }
      scripts.add(script(name, text(file)));
    }
    return scripts;
  }

  /**
   * A script that is given on the command line. Without a name it gets one that depends on its
   * text, so that a repeated command does not execute it again.
   */
  public static Script text(String sql, Optional<String> name) {
    return script(name.orElseGet(() -> "sql-" + digest(sql) + ".sql"), sql);
  }

  private static Script script(String name, String sql) {
    if (name.isBlank() || name.contains("/")) {
      throw new UserError(
          "not a name of a script: '" + name + "'", "a name such as add-column.sql");
    }
    if (sql.indexOf('\0') >= 0) {
      throw new UserError(name + ": has the character NUL, which SQL cannot have", null);
    }
    Script script = Script.parse(name, sql);
    script.check();
    return script;
  }

  private static String text(Path file) {
    try {
      String text =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(Files.readAllBytes(file)))
              .toString();
      return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw new UserError(file + ": is not in UTF-8", "convert it with iconv", e);
    } catch (NoSuchFileException e) {
      throw new UserError("No such file or directory: '" + file + "'", null, e);
    } catch (IOException e) {
      throw new UserError("cannot read '" + file + "': " + e.getMessage(), null, e);
    }
  }

  private static String digest(String sql) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(sql.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash).substring(0, NAME_DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }
}
