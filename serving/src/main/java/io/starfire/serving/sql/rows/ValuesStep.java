package io.starfire.serving.sql.rows;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows that stand in the statement. */
public record ValuesStep(List<@Nullable Object[]> rows) implements Step {
  @Override
  public RowStream open(Execution execution) {
    Iterator<@Nullable Object[]> left = rows.iterator();
    return () -> left.hasNext() ? left.next().clone() : null;
  }

  @Override
  public JsonNode describe() {
    return Described.of("values", List.of()).put("rows", rows.size());
  }
}
