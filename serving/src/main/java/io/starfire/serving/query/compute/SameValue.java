package io.starfire.serving.query.compute;

import io.starfire.segment.column.Column;
import io.starfire.segment.column.RowSet;
import io.starfire.segment.column.StringColumn;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the rows in which columns have a value in common. Not thread-safe. */
public final class SameValue {
  private final Node[] nodes;
  private final Block block = new Block();

  /**
   * @param columns null for one that is always null
   */
  public SameValue(List<@Nullable Column> columns) {
    List<Node> read = new ArrayList<>();
    ValueType type = ValueType.NOTHING;
    for (Column column : columns) {
      Node node =
          column instanceof StringColumn strings && strings.multiValued()
              ? new Inputs.OfValues(strings, RowSet.BLOCK_ROWS)
              : Inputs.of(column, RowSet.BLOCK_ROWS);
      read.add(node);
      type = type.with(node.type);
    }
    ValueType common = type;
    this.nodes = read.stream().map(node -> Casts.to(common, node)).toArray(Node[]::new);
  }

  /** Sets {@code out[i]} for rows {@code [from, from + count)}. */
  public void match(int from, int count, boolean[] out) {
    block.moveTo(from, count);
    for (Node node : nodes) {
      node.evaluate(block);
    }
    for (int i = 0; i < count; i++) {
      out[i] = allShare(i);
    }
  }

  private boolean allShare(int row) {
    for (int one = 0; one < nodes.length; one++) {
      for (int other = one + 1; other < nodes.length; other++) {
        if (!share(nodes[one], nodes[other], row)) {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean share(Node left, Node right, int row) {
    return !Collections.disjoint(values(left, row), values(right, row));
  }

  private static List<Object> values(Node node, int row) {
    Object value = node.value(row);
    if (value instanceof Object[] array) {
      return Arrays.asList(array);
    }
    // -0.0 and 0.0 are one value.
    Object normal = value instanceof Double real ? (Object) (real + 0.0) : value;
    return Collections.singletonList(normal);
  }
}
