package io.starfire.serving.query.compute;

import org.jspecify.annotations.Nullable;

/**
 * A part of an expression that computes its values a block at a time, into arrays of its own that
 * hold them until the next block. Of the arrays only that of its type is there, and nulls always.
 * Not thread-safe.
 */
abstract class Node {
  private static final long[] NO_LONGS = {};
  private static final double[] NO_DOUBLES = {};
  private static final Object[] NO_OBJECTS = {};

  final ValueType type;
  final int capacity;
  final boolean[] nulls;
  final long[] longs;
  final double[] doubles;

  /** Strings, also those of JSON, or of an array its elements as Object[]. */
  final @Nullable Object[] objects;

  private long computed = -1;

  /**
   * @param capacity the largest number of rows of a block
   */
  Node(ValueType type, int capacity) {
    this.type = type;
    this.capacity = capacity;
    this.nulls = new boolean[capacity];
    this.longs = type == ValueType.LONG ? new long[capacity] : NO_LONGS;
    this.doubles = type == ValueType.DOUBLE ? new double[capacity] : NO_DOUBLES;
    boolean isNumber =
        type == ValueType.LONG || type == ValueType.DOUBLE || type == ValueType.NOTHING;
    this.objects = isNumber ? NO_OBJECTS : new Object[capacity];
  }

  /** Bytes of a node's arrays. */
  static long bytes(int capacity) {
    return 9L * capacity + 100;
  }

  /** Computes the values of the block, unless that is done. */
  final void evaluate(Block block) {
    if (computed != block.number()) {
      compute(block);
      computed = block.number();
    }
  }

  abstract void compute(Block block);

  /** Whether all rows have one value, which is known without rows. */
  boolean isConstant() {
    return false;
  }

  final String text(int row) {
    return (String) objects[row];
  }

  final @Nullable Object[] array(int row) {
    return (Object[]) objects[row];
  }

  /** The value of a row: null, Long, Double, String or Object[]. */
  final @Nullable Object value(int row) {
    if (nulls[row]) {
      return null;
    }
    return switch (type) {
      case NOTHING -> null;
      case LONG -> longs[row];
      case DOUBLE -> doubles[row];
      default -> objects[row];
    };
  }

  /**
   * Sets the value of a row.
   *
   * @param value of the node's type
   */
  final void set(int row, @Nullable Object value) {
    nulls[row] = value == null;
    if (value == null) {
      return;
    }
    switch (type) {
      case NOTHING -> nulls[row] = true;
      case LONG -> longs[row] = (Long) value;
      case DOUBLE -> doubles[row] = (Double) value;
      default -> objects[row] = value;
    }
  }

  /** Takes the value that a node of the same type has in a row. */
  final void copy(int row, Node from) {
    nulls[row] = from.nulls[row];
    switch (type) {
      case NOTHING -> nulls[row] = true;
      case LONG -> longs[row] = from.longs[row];
      case DOUBLE -> doubles[row] = from.doubles[row];
      default -> objects[row] = from.objects[row];
    }
  }
}
