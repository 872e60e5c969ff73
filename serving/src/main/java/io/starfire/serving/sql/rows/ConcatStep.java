package io.starfire.serving.sql.rows;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of one input after those of the other; each is opened when the one before has ended. */
public record ConcatStep(List<Step> inputs) implements Step {
  @Override
  public RowStream open(Execution execution) {
    return new RowStream() {
      private final Iterator<Step> left = inputs.iterator();
      private @Nullable RowStream current;

      @Override
      public @Nullable Object @Nullable [] next() {
        while (true) {
          if (current == null) {
            if (!left.hasNext()) {
              return null;
            }
            current = left.next().open(execution);
          }
          @Nullable Object[] row = current.next();
          if (row != null) {
            return row;
          }
          current.close();
          current = null;
        }
      }

      @Override
      public void close() {
        if (current != null) {
          current.close();
        }
      }
    };
  }

  @Override
  public JsonNode describe() {
    return Described.of("union", inputs);
  }
}
