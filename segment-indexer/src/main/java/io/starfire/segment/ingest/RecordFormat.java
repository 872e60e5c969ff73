package io.starfire.segment.ingest;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.util.List;

/** The format of a record. Immutable. */
public sealed interface RecordFormat {
  /** One JSON object. Fields that hold objects, or arrays of them, are not read. */
  record Json() implements RecordFormat {}

  /**
   * One line of separated values.
   *
   * @param columns names of the fields, in order; empty if the header of the file names them
   * @param delimiter the character between fields
   * @param quoted whether a field may be written in double quotes, with a quote inside doubled
   * @param listDelimiter the text between several values of one STRING dimension
   * @param columnsFromHeader whether the first line that is not skipped names the columns
   * @param skipHeaderRows number of lines at the start of a file that are skipped
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
