package io.starfire.batch.job;

import java.util.Arrays;
import org.apache.hadoop.io.RawComparator;
import org.apache.hadoop.io.WritableComparator;

/** Compares deliveries by their bytes, without making objects of them. Stateless. */
public abstract sealed class DeliveryOrder implements RawComparator<Delivery> {
  private static final int KIND_BYTES = 1;
  private static final int LENGTH_BYTES = Integer.BYTES;
  private static final int TIME_AND_EDGE_BYTES = Long.BYTES + Integer.BYTES;

  /** The whole order: in which the events of a key reach the reducer. */
  public static final class Whole extends DeliveryOrder {
    @Override
    public int compare(
        byte[] left, int start1, int length1, byte[] right, int start2, int length2) {
      int order = compareGroup(left, start1, right, start2);
      if (order != 0) {
        return order;
      }
      int at1 = start1 + groupBytes(left, start1);
      int at2 = start2 + groupBytes(right, start2);
      order =
          Arrays.compareUnsigned(
              left, at1, at1 + TIME_AND_EDGE_BYTES, right, at2, at2 + TIME_AND_EDGE_BYTES);
      if (order != 0) {
        return order;
      }
      int value1 = at1 + TIME_AND_EDGE_BYTES + LENGTH_BYTES;
      int value2 = at2 + TIME_AND_EDGE_BYTES + LENGTH_BYTES;
      return Arrays.compareUnsigned(
          left, value1, start1 + length1, right, value2, start2 + length2);
    }

    @Override
    public int compare(Delivery left, Delivery right) {
      return left.compareTo(right);
    }
  }

  /** Kind and key: what is reduced together. */
  public static final class Group extends DeliveryOrder {
    @Override
    public int compare(
        byte[] left, int start1, int length1, byte[] right, int start2, int length2) {
      return compareGroup(left, start1, right, start2);
    }

    @Override
    public int compare(Delivery left, Delivery right) {
      return left.compareGroup(right);
    }
  }

  private static int compareGroup(byte[] left, int start1, byte[] right, int start2) {
    int order = Byte.compare(left[start1], right[start2]);
    if (order != 0) {
      return order;
    }
    int key1 = start1 + KIND_BYTES + LENGTH_BYTES;
    int key2 = start2 + KIND_BYTES + LENGTH_BYTES;
    int length1 = keyLength(left, start1);
    int length2 = keyLength(right, start2);
    if (length1 < 0 || length2 < 0) {
      return Boolean.compare(length1 >= 0, length2 >= 0);
    }
    return Arrays.compareUnsigned(left, key1, key1 + length1, right, key2, key2 + length2);
  }

  private static int keyLength(byte[] bytes, int start) {
    return WritableComparator.readInt(bytes, start + KIND_BYTES);
  }

  private static int groupBytes(byte[] bytes, int start) {
    return KIND_BYTES + LENGTH_BYTES + Math.max(0, keyLength(bytes, start));
  }
}
