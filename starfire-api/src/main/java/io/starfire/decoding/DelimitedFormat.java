package io.starfire.decoding;

import java.util.List;

/**
 * Lines of fields. Immutable.
 *
 * @param columns names of the fields, in order
 * @param delimiter between fields, one of ASCII
 * @param quoted whether a field may stand in double quotes, with a quote inside doubled, and may
 *     then hold delimiters and line ends (RFC 4180)
 * @param emptyAsNull whether an empty field without quotes is null
 */
public record DelimitedFormat(
    List<String> columns, char delimiter, boolean quoted, boolean emptyAsNull) {
  public DelimitedFormat {
    columns = List.copyOf(columns);
  }
}
