package io.starfire.serving.query.partial;

import io.starfire.event.ColumnType;
import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.vector.VectorReader;
import io.starfire.serving.query.vector.VectorWriter;
import org.jspecify.annotations.Nullable;

/**
 * The distinct values of one key of a partial result's groups. Groups hold ids: 0 is null, the
 * others are in order of arrival. Not thread-safe.
 */
public abstract sealed class Dictionary permits TextDictionary, SharedDictionary, NumberDictionary {
  /** Ids of loops that are long are looked at so often. */
  static final int IDS_BETWEEN_CHECKS = 1 << 14;

  static Dictionary of(ColumnType type) {
    return type == ColumnType.STRING ? new TextDictionary() : new NumberDictionary(type);
  }

  /** The number of ids, that of null included. */
  public abstract int size();

  /** The value of an id: null, a String, a Long or a Double. */
  public abstract @Nullable Object value(int id);

  /** The id of a value of the dictionary's type, which is added if it is new. */
  public abstract int add(@Nullable Object value);

  /**
   * The ids of all values of another dictionary of the same type, which are added here; the other
   * one stays as it is.
   */
  abstract int[] addAll(Dictionary other, QueryControl control);

  /** A hash of the value of an id; equal values of two dictionaries have the same. */
  abstract int hash(int id);

  /** The id of the value that another dictionary of the same type has for an id. */
  final int addFrom(Dictionary other, int id) {
    return id == 0 ? 0 : addFrom(other, id, other.hash(id));
  }

  /**
   * As the other.
   *
   * @param id not that of null
   * @param hash of the value
   */
  abstract int addFrom(Dictionary other, int id, int hash);

  /**
   * Adds all values of another dictionary of the same type, none of which but null is here. The id
   * of each is its id there, and as many more as the size was before, less one.
   */
  abstract void append(Dictionary other);

  /**
   * Compares values in their natural order, nulls first: text by its bytes, numbers by value.
   *
   * @param other of the same type
   */
  public abstract int compare(int id, Dictionary other, int otherId);

  /** Bytes of memory that it holds. */
  public abstract long bytes();

  abstract void write(VectorWriter out);

  static Dictionary read(ColumnType type, VectorReader in) {
    return type == ColumnType.STRING ? TextDictionary.read(in) : NumberDictionary.read(type, in);
  }
}
