package io.starfire.serving.http;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.starfire.serving.sql.SqlColumn;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows as JSON: objects or arrays, in one list or each in a line of its own. A backslash is written
 * by its number: pydruid takes the quote after a backslash for a part of the text, also if that
 * backslash ends it.
 */
final class JsonRowWriter implements RowWriter {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
          .disable(JsonGenerator.Feature.FLUSH_PASSED_TO_STREAM)
          .build();

  private final ResultFormat format;
  private final SqlValues values;
  private final JsonGenerator json;
  private final SerializableString[] names;

  JsonRowWriter(ResultFormat format, SqlValues values, OutputStream out) throws IOException {
    this.format = format;
    this.values = values;
    this.json = JSON.createGenerator(out);
    this.names = new SerializableString[values.size()];
    for (int i = 0; i < names.length; i++) {
      names[i] = new SerializedString(values.name(i));
    }
    json.setCharacterEscapes(new Escapes());
    json.setRootValueSeparator(null);
    if (!format.isLines()) {
      json.writeStartArray();
    }
  }

  /** Those of JSON, and the backslash by its number. */
  private static final class Escapes extends CharacterEscapes {
    private static final long serialVersionUID = 1L;

    private final int[] codes = standardAsciiEscapesForJSON();

    Escapes() {
      codes['\\'] = ESCAPE_STANDARD;
    }

    @Override
    public int[] getEscapeCodesForAscii() {
      return codes.clone();
    }

    @Override
    public @Nullable SerializableString getEscapeSequence(int character) {
      return null;
    }
  }

  @Override
  public void header(boolean types, boolean sqlTypes) throws IOException {
    if (format.namesColumns()) {
      json.writeStartObject();
      for (int i = 0; i < values.size(); i++) {
        json.writeFieldName(names[i]);
        types(values.column(i), types, sqlTypes);
      }
      json.writeEndObject();
      endRow();
      return;
    }
    texts(SqlColumn::name);
    if (types) {
      texts(SqlColumn::nativeType);
    }
    if (sqlTypes) {
      texts(SqlColumn::sqlType);
    }
  }

  private void types(SqlColumn column, boolean types, boolean sqlTypes) throws IOException {
    if (!types && !sqlTypes) {
      json.writeNull();
      return;
    }
    json.writeStartObject();
    if (types) {
      json.writeStringField("type", column.nativeType());
    }
    if (sqlTypes) {
      json.writeStringField("sqlType", column.sqlType());
    }
    json.writeEndObject();
  }

  private interface Text {
    String of(SqlColumn column);
  }

  private void texts(Text text) throws IOException {
    json.writeStartArray();
    for (int i = 0; i < values.size(); i++) {
      json.writeString(text.of(values.column(i)));
    }
    json.writeEndArray();
    endRow();
  }

  @Override
  public void row(@Nullable Object[] row) throws IOException {
    if (format.namesColumns()) {
      json.writeStartObject();
      for (int i = 0; i < row.length; i++) {
        json.writeFieldName(names[i]);
        value(values.written(i, row[i]));
      }
      json.writeEndObject();
    } else {
      json.writeStartArray();
      for (int i = 0; i < row.length; i++) {
        value(values.written(i, row[i]));
      }
      json.writeEndArray();
    }
    endRow();
  }

  private void value(@Nullable Object value) throws IOException {
    if (value == null) {
      json.writeNull();
    } else if (value instanceof String text) {
      json.writeString(text);
    } else if (value instanceof Long number) {
      json.writeNumber(number);
    } else if (value instanceof Double number) {
      json.writeNumber(number);
    } else if (value instanceof Boolean flag) {
      json.writeBoolean(flag);
    } else if (value instanceof List<?> list) {
      json.writeStartArray();
      for (Object one : list) {
        value(one);
      }
      json.writeEndArray();
    } else {
      json.writePOJO(value);
    }
  }

  private void endRow() throws IOException {
    if (format.isLines()) {
      json.writeRaw('\n');
    }
  }

  @Override
  public void end() throws IOException {
    if (!format.isLines()) {
      json.writeEndArray();
    }
    json.writeRaw('\n');
    json.flush();
  }
}
