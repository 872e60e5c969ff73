package io.starfire.serving.sql.rows;

import com.fasterxml.jackson.databind.JsonNode;
import io.starfire.serving.sql.SystemTable;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of a table of the server about itself. */
public record SystemStep(SystemTable table) implements Step {
  @Override
  public RowStream open(Execution execution) {
    Iterator<Object[]> rows = table.rows(execution.session());
    return () -> {
      execution.step();
      return rows.hasNext() ? plain(rows.next()) : null;
    };
  }

  private static @Nullable Object[] plain(@Nullable Object[] row) {
    @Nullable Object[] plain = new Object[row.length];
    for (int i = 0; i < row.length; i++) {
      Object value = row[i];
      plain[i] =
          value instanceof Boolean truth
              ? (Object) (truth ? 1L : 0L)
              : value instanceof Integer number ? (Object) (long) number : value;
    }
    return plain;
  }

  @Override
  public JsonNode describe() {
    return Described.of("table", List.of()).put("table", table.schema() + "." + table.name());
  }
}
