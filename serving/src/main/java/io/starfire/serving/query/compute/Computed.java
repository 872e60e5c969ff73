package io.starfire.serving.query.compute;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The nodes that compute something from others, one value for each row. */
final class Computed {
  /** Characters and elements that one node may make of a block, so that texts cannot explode. */
  private static final long MAX_BLOCK_SIZE = 16_000_000;

  private Computed() {}

  interface LongRow {
    long at(int row);
  }

  interface DoubleRow {
    double at(int row);
  }

  interface TruthRow {
    boolean at(int row);
  }

  /** May give null. */
  interface ObjectRow {
    @Nullable Object at(int row);
  }

  /** All rows of a block at once, of longs. */
  interface LongKernel {
    void apply(long[] left, long[] right, long[] out, int count);
  }

  /** All rows of a block at once, of doubles. */
  interface DoubleKernel {
    void apply(double[] left, double[] right, double[] out, int count);
  }

  /** Null where one of the others is null, and not computed there. */
  private abstract static class OfNodes extends Node {
    private final Node[] others;

    OfNodes(ValueType type, int capacity, Node... others) {
      super(type, capacity);
      this.others = others;
    }

    @Override
    final void compute(Block block) {
      int count = block.count();
      Arrays.fill(nulls, 0, count, false);
      for (Node other : others) {
        other.evaluate(block);
        for (int i = 0; i < count; i++) {
          nulls[i] |= other.nulls[i];
        }
      }
      apply(count);
    }

    abstract void apply(int count);
  }

  static Node longs(int capacity, LongRow row, Node... others) {
    return folded(
        new OfNodes(ValueType.LONG, capacity, others) {
          @Override
          void apply(int count) {
            for (int i = 0; i < count; i++) {
              if (!nulls[i]) {
                longs[i] = row.at(i);
              }
            }
          }
        },
        others);
  }

  static Node truths(int capacity, TruthRow row, Node... others) {
    return longs(capacity, i -> row.at(i) ? 1 : 0, others);
  }

  static Node doubles(int capacity, DoubleRow row, Node... others) {
    return folded(
        new OfNodes(ValueType.DOUBLE, capacity, others) {
          @Override
          void apply(int count) {
            for (int i = 0; i < count; i++) {
              if (!nulls[i]) {
                doubles[i] = row.at(i);
              }
            }
          }
        },
        others);
  }

  static Node ofLongs(int capacity, LongKernel kernel, Node left, Node right) {
    return folded(
        new OfNodes(ValueType.LONG, capacity, left, right) {
          @Override
          void apply(int count) {
            kernel.apply(left.longs, right.longs, longs, count);
          }
        },
        left,
        right);
  }

  static Node ofDoubles(int capacity, DoubleKernel kernel, Node left, Node right) {
    return folded(
        new OfNodes(ValueType.DOUBLE, capacity, left, right) {
          @Override
          void apply(int count) {
            kernel.apply(left.doubles, right.doubles, doubles, count);
          }
        },
        left,
        right);
  }

  /** Values of any type, which may be null although no input is. */
  static Node objects(ValueType type, int capacity, ObjectRow row, Node... others) {
    return folded(
        new OfNodes(type, capacity, others) {
          @Override
          void apply(int count) {
            long size = 0;
            for (int i = 0; i < count; i++) {
              if (!nulls[i]) {
                Object value = row.at(i);
                set(i, value);
                size = grown(size, value);
              }
            }
          }
        },
        others);
  }

  /** As {@link #objects}, but the row is also asked where an input is null. */
  static Node overNulls(ValueType type, int capacity, ObjectRow row, Node... others) {
    return folded(
        new Node(type, capacity) {
          @Override
          void compute(Block block) {
            for (Node other : others) {
              other.evaluate(block);
            }
            long size = 0;
            for (int i = 0; i < block.count(); i++) {
              Object value = row.at(i);
              set(i, value);
              size = grown(size, value);
            }
          }
        },
        others);
  }

  private static long grown(long size, @Nullable Object value) {
    long sum =
        size
            + (value instanceof String text
                ? text.length()
                : value instanceof Object[] array ? array.length : 0);
    if (sum > MAX_BLOCK_SIZE) {
      throw tooLong();
    }
    return sum;
  }

  /** The error for texts or arrays that have grown too long. */
  static StarfireException tooLong() {
    return new StarfireException(
        ErrorCode.CAPACITY_EXCEEDED,
        "an expression makes more than %,d characters or elements of a block of rows; make shorter texts or arrays"
            .formatted(MAX_BLOCK_SIZE));
  }

  /** What depends on constants only is computed once. */
  private static Node folded(Node node, Node... others) {
    for (Node other : others) {
      if (!other.isConstant()) {
        return node;
      }
    }
    Block block = new Block();
    block.moveTo(0, 1);
    node.evaluate(block);
    return new Inputs.Constant(node.type, node.capacity, node.value(0));
  }
}
