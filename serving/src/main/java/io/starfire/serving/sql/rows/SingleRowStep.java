package io.starfire.serving.sql.rows;

import com.fasterxml.jackson.databind.JsonNode;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The one row of a subquery that stands for a value; a row of nulls if it has none.
 *
 * @param columns of the row
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record SingleRowStep(Step input, int[] columns) implements Step {
  @Override
  public RowStream open(Execution execution) {
    @Nullable Object[] single = new Object[columns.length];
    try (RowStream rows = input.open(execution)) {
      @Nullable Object[] row = rows.next();
      if (row != null && rows.next() != null) {
        throw new StarfireException(
            ErrorCode.INVALID_INPUT,
            "a subquery that stands for one value has more than one row; use an aggregate or LIMIT"
                + " 1 in it");
      }
      for (int i = 0; row != null && i < columns.length; i++) {
        single[i] = row[columns[i]];
      }
    }
    return new ValuesStep(List.<@Nullable Object[]>of(single)).open(execution);
  }

  @Override
  public JsonNode describe() {
    return Described.of("single row", List.of(input));
  }
}
