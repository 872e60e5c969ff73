package io.starfire.segment.ingest;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.util.List;

/** How the bytes of one record are read. Immutable. */
public sealed interface RecordFormat {
  /** One JSON object. Fields that hold objects, or arrays of them, are not read. */
  record Json() implements RecordFormat {}

  /**
   * One line of separated values.
   *
   * @param columns names of the fields in order; empty if the header of the file says
   * @param delimiter between fields
   * @param quoted whether a field may stand in double quotes, with a quote inside doubled
   * @param listDelimiter between several values of one STRING dimension
   * @param columnsFromHeader whether a file's first line, after those skipped, names the columns
   * @param skipHeaderRows lines at the start of a file that are passed over
   */
  record Delimited(
      List<String> columns,
      char delimiter,
      boolean quoted,
      char listDelimiter,
      boolean columnsFromHeader,
      int skipHeaderRows)
      implements RecordFormat {
    public Delimited {
      columns = List.copyOf(columns);
      if (delimiter == listDelimiter) {
        throw new StarfireException(
            ErrorCode.INVALID_INPUT,
            "delimiter and listDelimiter must differ, both are '%s'".formatted(delimiter));
      }
    }

    /** The same with the columns that a header named. */
    Delimited withColumns(List<String> names) {
      return new Delimited(
          names, delimiter, quoted, listDelimiter, columnsFromHeader, skipHeaderRows);
    }
  }
}
