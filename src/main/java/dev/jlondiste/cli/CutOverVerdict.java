package dev.jlondiste.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.jlondiste.admin.readiness.ReadinessFinding;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.Collectors;

/** Formats the answer of {@code check --cut-over}. */
final class CutOverVerdict {
  private CutOverVerdict() {}

  /** True if no finding blocks. */
  static boolean isYes(List<ReadinessFinding> findings) {
    return reasons(findings) == 0;
  }

  private static long reasons(List<ReadinessFinding> findings) {
    return findings.stream().filter(ReadinessFinding::isBlocker).count();
  }

  /** One finding per line, each with its hint in the next one; the verdict is the last line. */
  static String text(List<ReadinessFinding> findings) {
    long reasons = reasons(findings);
    String verdict =
        reasons == 0
            ? "Cut-over: yes"
            : "Cut-over: no (" + reasons + (reasons == 1 ? " reason)" : " reasons)");
    return findings.stream()
            .map(finding -> finding.severity() + ": " + finding.full() + "\n")
            .collect(Collectors.joining())
        + verdict;
  }

  static String json(List<ReadinessFinding> findings) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.useDefaultPrettyPrinter();
      json.writeStartObject();
      json.writeBooleanField("cut_over", isYes(findings));
      json.writeNumberField("reasons", reasons(findings));
      json.writeArrayFieldStart("findings");
      for (ReadinessFinding finding : findings) {
        json.writeStartObject();
        json.writeStringField("severity", finding.severity().toString());
        json.writeStringField("check", finding.check().toString());
        json.writeStringField("text", finding.text());
        json.writeStringField("hint", finding.hint());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }
}
