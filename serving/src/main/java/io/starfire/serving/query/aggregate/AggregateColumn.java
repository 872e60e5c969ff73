package io.starfire.serving.query.aggregate;

import io.starfire.common.Utf8Order;
import io.starfire.event.ColumnType;
import io.starfire.serving.query.model.SketchValue;
import io.starfire.serving.query.model.ValueOrder;
import io.starfire.serving.query.vector.BytesVector;
import io.starfire.serving.query.vector.Vector;
import io.starfire.serving.query.vector.VectorReader;
import io.starfire.serving.query.vector.VectorWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The intermediate values of one aggregate, one for each group of a partial result, in a few
 * vectors: so they are added up, counted against the memory of the query, and written. A group that
 * nothing was added to is empty. Not thread-safe.
 */
public abstract class AggregateColumn {
  private final ColumnType type;

  /**
   * @param type of the results
   */
  protected AggregateColumn(ColumnType type) {
    this.type = type;
  }

  /** What the intermediate values are kept in; always the same vectors in the same order. */
  protected abstract List<Vector> vectors();

  /**
   * Adds groups of another column of the same factory, which stays as it is.
   *
   * @param from their numbers in the other column
   * @param into the groups of this column that they are added to; there is room for them
   * @param count how many
   */
  public abstract void merge(AggregateColumn other, int[] from, int[] into, int count);

  /** Whether the result of a group is null. */
  public abstract boolean isNull(int group);

  /**
   * Returns if the result of a group can be told.
   *
   * @throws io.starfire.common.StarfireException if it cannot, such as a sum that does not fit
   */
  public void check(int group) {}

  /** The result of a group, if the type is LONG and it is not null. */
  public long longAt(int group) {
    throw new IllegalStateException("the result is " + type);
  }

  /** The result of a group, if the type is DOUBLE and it is not null. */
  public double doubleAt(int group) {
    throw new IllegalStateException("the result is " + type);
  }

  /** The result of a group, if the type is STRING and it is not null. */
  public @Nullable String textAt(int group) {
    throw new IllegalStateException("the result is " + type);
  }

  /** The result of a group, if it is an array and not null. */
  public Object[] arrayAt(int group) {
    throw new IllegalStateException("the result is " + type);
  }

  /** Compares the results of two groups, neither of which is null. */
  public int compare(int left, int right) {
    return switch (type) {
      case LONG -> Long.compare(longAt(left), longAt(right));
      case DOUBLE -> Double.compare(doubleAt(left), doubleAt(right));
      case STRING -> Utf8Order.compare(textAt(left), textAt(right));
      case COMPLEX -> ValueOrder.compareArrays(arrayAt(left), arrayAt(right));
    };
  }

  public final ColumnType type() {
    return type;
  }

  /** The result of a group as an object: null, a Long, a Double, a String or Object[]. */
  public final @Nullable Object value(int group) {
    check(group);
    if (isNull(group)) {
      return null;
    }
    return switch (type) {
      case LONG -> longAt(group);
      case DOUBLE -> doubleAt(group);
      case STRING -> textAt(group);
      case COMPLEX -> arrayAt(group);
    };
  }

  /** The sketch of a group; null if intermediate values are no sketches. */
  public @Nullable SketchValue sketch(int group) {
    return null;
  }

  /**
   * What an answer shows of a group.
   *
   * @param finalizes whether the result of a sketch is its estimate
   */
  public @Nullable Object shown(int group, boolean finalizes) {
    return value(group);
  }

  /** Bytes of memory beside the vectors, such as of values that wait to be added. */
  protected long extraBytes() {
    return 0;
  }

  /** Makes room for groups {@code [0, capacity)}. */
  public void grow(int capacity) {
    vectors().forEach(vector -> vector.grow(capacity));
  }

  /**
   * Keeps some groups only, which get the numbers from 0 on.
   *
   * @param groups ascending
   */
  public final void keep(int[] groups, int count) {
    vectors().forEach(vector -> vector.keep(groups, count));
  }

  /** Whether the value of each group takes the same room. */
  public final boolean isOfFixedWidth() {
    return vectors().stream().noneMatch(BytesVector.class::isInstance);
  }

  /** Bytes of memory that it holds. */
  public final long bytes() {
    long bytes = extraBytes();
    for (Vector vector : vectors()) {
      bytes += vector.bytes();
    }
    return bytes;
  }

  public final void write(VectorWriter out, int groups) {
    vectors().forEach(vector -> vector.write(out, groups));
  }

  /** Reads what {@link #write} wrote into this column, which is new. */
  public final void read(VectorReader in, int groups) {
    vectors().forEach(vector -> vector.read(in, groups));
  }
}
