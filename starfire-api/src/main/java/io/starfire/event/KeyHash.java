package io.starfire.event;

import static io.starfire.common.ErrorCode.INVALID_INPUT;

import io.starfire.common.StarfireException;
import java.util.Objects;

/**
 * The hash that spreads keys over partitions: 64-bit xxHash with seed 0, after the specification at
 * github.com/Cyan4973/xxHash (doc/xxhash_spec.md). Both drivers use it, and it must never change.
 * Stateless; thread-safe.
 */
public final class KeyHash {
  private static final long PRIME_1 = 0x9E3779B185EBCA87L;
  private static final long PRIME_2 = 0xC2B2AE3D27D4EB4FL;
  private static final long PRIME_3 = 0x165667B19E3779F9L;
  private static final long PRIME_4 = 0x85EBCA77C2B2AE63L;
  private static final long PRIME_5 = 0x27D4EB2F165667C5L;
  private static final int STRIPE_BYTES = 32;

  private KeyHash() {}

  /** The hash of all of {@code bytes}. */
  public static long hash(byte[] bytes) {
    return hash(bytes, 0, bytes.length);
  }

  /** The hash of {@code length} bytes at {@code offset}. */
  public static long hash(byte[] bytes, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    int position = offset;
    int end = offset + length;
    long hash = PRIME_5;
    if (length >= STRIPE_BYTES) {
      long lane1 = Long.sum(PRIME_1, PRIME_2);
      long lane2 = PRIME_2;
      long lane3 = 0;
      long lane4 = -PRIME_1;
      for (; end - position >= STRIPE_BYTES; position += STRIPE_BYTES) {
        lane1 = round(lane1, readLong(bytes, position));
        lane2 = round(lane2, readLong(bytes, position + 8));
        lane3 = round(lane3, readLong(bytes, position + 16));
        lane4 = round(lane4, readLong(bytes, position + 24));
      }
      hash =
          Long.rotateLeft(lane1, 1)
              + Long.rotateLeft(lane2, 7)
              + Long.rotateLeft(lane3, 12)
              + Long.rotateLeft(lane4, 18);
      hash = merge(merge(merge(merge(hash, lane1), lane2), lane3), lane4);
    }
    return avalanche(tail(hash + length, bytes, position, end));
  }

  /**
   * The partition of a key.
   *
   * @param key canonical bytes, see {@link KeyCodec}
   * @param partitions their number; at least 1
   * @return from 0, inclusive, to {@code partitions}, exclusive
   */
  public static int partition(byte[] key, int partitions) {
    if (partitions < 1) {
      throw new StarfireException(
          INVALID_INPUT, "the number of partitions must be at least 1, got " + partitions);
    }
    return (int) Long.remainderUnsigned(hash(key), partitions);
  }

  private static long tail(long start, byte[] bytes, int from, int end) {
    long hash = start;
    int position = from;
    for (; end - position >= 8; position += 8) {
      hash ^= round(0, readLong(bytes, position));
      hash = Long.rotateLeft(hash, 27) * PRIME_1 + PRIME_4;
    }
    if (end - position >= 4) {
      hash ^= readUnsignedInt(bytes, position) * PRIME_1;
      hash = Long.rotateLeft(hash, 23) * PRIME_2 + PRIME_3;
      position += 4;
    }
    for (; position < end; position++) {
      hash ^= (bytes[position] & 0xFFL) * PRIME_5;
      hash = Long.rotateLeft(hash, 11) * PRIME_1;
    }
    return hash;
  }

  private static long avalanche(long start) {
    long hash = start;
    hash = (hash ^ (hash >>> 33)) * PRIME_2;
    hash = (hash ^ (hash >>> 29)) * PRIME_3;
    return hash ^ (hash >>> 32);
  }

  private static long round(long lane, long input) {
    return Long.rotateLeft(lane + input * PRIME_2, 31) * PRIME_1;
  }

  private static long merge(long hash, long lane) {
    return (hash ^ round(0, lane)) * PRIME_1 + PRIME_4;
  }

  private static long readUnsignedInt(byte[] bytes, int at) {
    return (bytes[at] & 0xFFL)
        | (bytes[at + 1] & 0xFFL) << 8
        | (bytes[at + 2] & 0xFFL) << 16
        | (bytes[at + 3] & 0xFFL) << 24;
  }

  private static long readLong(byte[] bytes, int at) {
    return readUnsignedInt(bytes, at) | readUnsignedInt(bytes, at + 4) << 32;
  }
}
