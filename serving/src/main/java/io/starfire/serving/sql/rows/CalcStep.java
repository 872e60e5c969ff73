package io.starfire.serving.sql.rows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.starfire.serving.query.compute.RowCalculation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Filters rows, and computes others of them, by native expressions.
 *
 * @param input the rows
 * @param types of those of its columns that expressions read, by name
 * @param places where these columns are in its rows, in the same order
 * @param condition of rows that are kept; null for all
 * @param fields of the new rows
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record CalcStep(
    Step input,
    Map<String, String> types,
    int[] places,
    RowCalculation.@Nullable Output condition,
    List<Field> fields)
    implements Step {
  /** Rows that are computed at once. */
  private static final int BLOCK_ROWS = 256;

  /**
   * A value of a new row.
   *
   * @param place of the column that it is; -1 if it is computed, or fixed
   * @param calculated null if it is not computed
   * @param constant the value if it is fixed
   */
  public record Field(
      int place, RowCalculation.@Nullable Output calculated, @Nullable Object constant) {
    public static Field ofColumn(int place) {
      return new Field(place, null, null);
    }

    public static Field of(RowCalculation.Output calculated) {
      return new Field(-1, calculated, null);
    }

    public static Field ofConstant(@Nullable Object value) {
      return new Field(-1, null, value);
    }
  }

  @Override
  public RowStream open(Execution execution) {
    return new Stream(execution);
  }

  @Override
  public JsonNode describe() {
    ObjectNode json = Described.of(condition == null ? "project" : "filter", List.of(input));
    if (condition != null) {
      json.put("condition", condition.expression().text());
    }
    ArrayNode computed = json.putArray("fields");
    for (Field field : fields) {
      if (field.calculated != null) {
        computed.add(field.calculated.expression().text());
      } else if (field.place >= 0) {
        computed.add(field.place);
      } else {
        computed.addPOJO(String.valueOf(field.constant));
      }
    }
    return json;
  }

  private final class Stream implements RowStream {
    private final Execution execution;
    private final RowStream rows;
    private final RowCalculation calculation;
    private final Deque<@Nullable Object[]> ready = new ArrayDeque<>();
    private boolean ended;

    Stream(Execution execution) {
      this.execution = execution;
      List<RowCalculation.Output> outputs = new ArrayList<>();
      if (condition != null) {
        outputs.add(condition);
      }
      fields.stream()
          .filter(field -> field.calculated != null)
          .forEach(field -> outputs.add(field.calculated));
      this.calculation = new RowCalculation(types, outputs, BLOCK_ROWS, execution.control());
      this.rows = input.open(execution);
    }

    @Override
    public @Nullable Object @Nullable [] next() {
      while (ready.isEmpty() && !ended) {
        compute();
      }
      return ready.poll();
    }

    private void compute() {
      List<@Nullable Object[]> block = new ArrayList<>();
      while (block.size() < BLOCK_ROWS) {
        @Nullable Object[] row = rows.next();
        if (row == null) {
          ended = true;
          break;
        }
        execution.step();
        for (int i = 0; i < places.length; i++) {
          calculation.set(block.size(), i, row[places[i]]);
        }
        block.add(row);
      }
      calculation.compute(block.size());
      for (int r = 0; r < block.size(); r++) {
        if (condition == null || Long.valueOf(1).equals(calculation.get(r, 0))) {
          ready.add(row(block.get(r), r));
        }
      }
    }

    private @Nullable Object[] row(@Nullable Object[] from, int at) {
      @Nullable Object[] row = new Object[fields.size()];
      int computed = condition == null ? 0 : 1;
      for (int i = 0; i < row.length; i++) {
        Field field = fields.get(i);
        if (field.calculated != null) {
          row[i] = Values.ofNative(calculation.get(at, computed++));
        } else {
          row[i] = field.place >= 0 ? from[field.place] : field.constant;
        }
      }
      return row;
    }

    @Override
    public void close() {
      rows.close();
    }
  }
}
