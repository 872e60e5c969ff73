package io.starfire.serving.query.model;

import io.starfire.event.ColumnType;

/**
 * A column that a groupBy groups by.
 *
 * @param column the column's name
 * @param outputName its name in the result
 * @param outputType STRING, as in Druid unless the query says otherwise, renders numbers as text;
 *     LONG and DOUBLE are for number columns only
 */
public record GroupDimension(String column, String outputName, ColumnType outputType) {
  public GroupDimension {
    if (column == null || column.isEmpty() || outputName == null || outputName.isEmpty()) {
      throw QueryChecks.invalid(
          "a dimension needs a column and an output name, got '%s' and '%s'", column, outputName);
    }
    if (outputType == ColumnType.COMPLEX) {
      throw QueryChecks.invalid("dimension '%s' cannot be COMPLEX", outputName);
    }
  }
}
