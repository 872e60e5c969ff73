package io.starfire.decoding;

import java.util.List;

/**
 * How lines of CSV or TSV are written. Immutable.
 *
 * @param columns names of the fields, in their order
 * @param delimiter the ASCII character between fields
 * @param quoted whether a field may be written in double quotes (RFC 4180). It may then contain
 *     delimiters and line ends; a quote inside is doubled.
 * @param emptyAsNull whether an empty field without quotes is null
 */
public record DelimitedFormat(
    List<String> columns, char delimiter, boolean quoted, boolean emptyAsNull) {
  public DelimitedFormat {
    columns = List.copyOf(columns);
  }
}
