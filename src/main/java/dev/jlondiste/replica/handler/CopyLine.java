package dev.jlondiste.replica.handler;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A row in the text format of COPY, whose values are bytes of any encoding; null is NULL. */
final class CopyLine {
  private static final String LETTERS = "bfnrtv";
  private static final String CONTROLS = "\b\f\n\r\t\u000b";

  private CopyLine() {}

  /** Reads the values of a row that the server has sent. */
  static List<byte @Nullable []> read(byte[] row) {
    List<byte @Nullable []> values = new ArrayList<>();
    ByteArrayOutputStream value = new ByteArrayOutputStream();
    boolean isNull = false;
    for (int i = 0; i < row.length; i++) {
      byte b = row[i];
      if (b == '\t' || b == '\n') {
        values.add(isNull ? null : value.toByteArray());
        value.reset();
        isNull = false;
      } else if (b == '\\') {
        byte next = row[++i];
        int control = LETTERS.indexOf(next);
        isNull = next == 'N' && value.size() == 0;
        value.write(control < 0 ? next : CONTROLS.charAt(control));
      } else {
        value.write(b);
      }
    }
    return values;
  }

  /** Writes a row. */
  static byte[] write(List<byte @Nullable []> values) {
    ByteArrayOutputStream row = new ByteArrayOutputStream();
    for (int i = 0; i < values.size(); i++) {
      if (i > 0) {
        row.write('\t');
      }
      byte @Nullable [] value = values.get(i);
      if (value == null) {
        row.write('\\');
        row.write('N');
      } else {
        write(value, row);
      }
    }
    row.write('\n');
    return row.toByteArray();
  }

  private static void write(byte[] value, ByteArrayOutputStream row) {
    for (byte b : value) {
      int control = CONTROLS.indexOf(b);
      if (control >= 0 || b == '\\') {
        row.write('\\');
      }
      row.write(control >= 0 ? LETTERS.charAt(control) : b);
    }
  }
}
