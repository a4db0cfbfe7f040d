package dev.jlondiste.pgq.row;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import dev.jlondiste.db.CopyRows;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A value is copied as its decoded text, with any escapes. */
class JsonRowTest {
  private static final String[] PIECES = {
    "a",
    "\\",
    "\"",
    "/",
    "\n",
    "\r",
    "\t",
    "\b",
    "\f",
    "\u0001",
    "\u001f",
    "\u007f",
    "é",
    "€",
    "\uD83D\uDE00",
    "plain text"
  };

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void copies_are_the_text(boolean escapeAll) throws IOException, SQLException {
    Random random = new Random(7);
    for (int i = 0; i < 2000; i++) {
      StringBuilder text = new StringBuilder();
      for (int n = random.nextInt(8); n > 0; n--) {
        text.append(PIECES[random.nextInt(PIECES.length)]);
      }
      Row row = row(json(text.toString(), escapeAll));
      assertThat(row.text(0)).isEqualTo(text.toString());
      assertThat(copied(rows -> row.copyTo(rows, 0)))
          .isEqualTo(copied(rows -> rows.value(text.toString())));
    }
  }

  private static Row row(String json) {
    RowCache known = new RowCache();
    EventHead head = known.head("{\"op\":\"INSERT\",\"pkey\":[\"v\"]}");
    byte[] data = json.getBytes(StandardCharsets.UTF_8);
    return head.format().row(head, known, data, 0, data.length);
  }

  private static String json(String value, boolean escapeAll) throws IOException {
    StringWriter json = new StringWriter();
    try (JsonGenerator generator = new JsonFactory().createGenerator(json)) {
      generator.configure(JsonWriteFeature.ESCAPE_NON_ASCII.mappedFeature(), escapeAll);
      generator.writeStartObject();
      generator.writeStringField("v", value);
      generator.writeEndObject();
    }
    return json.toString();
  }

  @FunctionalInterface
  private interface Copy {
    void to(CopyRows rows) throws SQLException;
  }

  private static String copied(Copy copy) throws SQLException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CopyRows rows = new CopyRows(16, bytes::write);
    copy.to(rows);
    rows.endRow();
    rows.flush();
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
