package io.starfire.serving.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.starfire.serving.sql.SqlColumn;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Rows as lines with commas between the values. A value with a comma, a quote or the end of a line
 * in it stands in quotes. A null is written as nothing, and so is an empty text, as in Druid.
 */
final class CsvRowWriter implements RowWriter {
  private static final int BUFFERED = 1 << 13;

  private final SqlValues values;
  private final OutputStream out;
  private final StringBuilder lines = new StringBuilder();

  CsvRowWriter(SqlValues values, OutputStream out) {
    this.values = values;
    this.out = out;
  }

  @Override
  public void header(boolean types, boolean sqlTypes) throws IOException {
    texts(SqlColumn::name);
    if (types) {
      texts(SqlColumn::nativeType);
    }
    if (sqlTypes) {
      texts(SqlColumn::sqlType);
    }
  }

  private void texts(Function<SqlColumn, String> text) throws IOException {
    for (int i = 0; i < values.size(); i++) {
      value(i, text.apply(values.column(i)));
    }
    endRow();
  }

  @Override
  public void row(@Nullable Object[] row) throws IOException {
    for (int i = 0; i < row.length; i++) {
      Object value = values.written(i, row[i]);
      value(
          i,
          value == null ? "" : value instanceof List<?> ? SqlValues.json(value) : value.toString());
    }
    endRow();
  }

  private void value(int column, String text) {
    if (column > 0) {
      lines.append(',');
    }
    if (!isQuoted(text)) {
      lines.append(text);
      return;
    }
    lines.append('"');
    for (int i = 0; i < text.length(); i++) {
      char character = text.charAt(i);
      if (character == '"') {
        lines.append('"');
      }
      lines.append(character);
    }
    lines.append('"');
  }

  private static boolean isQuoted(String text) {
    for (int i = 0; i < text.length(); i++) {
      char character = text.charAt(i);
      if (character == ',' || character == '"' || character == '\n' || character == '\r') {
        return true;
      }
    }
    return false;
  }

  private void endRow() throws IOException {
    lines.append('\n');
    if (lines.length() >= BUFFERED) {
      flush();
    }
  }

  private void flush() throws IOException {
    out.write(lines.toString().getBytes(UTF_8));
    lines.setLength(0);
  }

  @Override
  public void end() throws IOException {
    lines.append('\n');
    flush();
  }
}
