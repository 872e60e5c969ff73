package io.starfire.decoding;

import java.util.Arrays;

/**
 * Keeps Strings of one column by their UTF-8 bytes. A hash gives each value a slot, which holds the
 * value that came last. A value that is found is not decoded again, and the same String is
 * returned, which knows its hash. A column with few repeated values is decoded without the cache.
 * Not thread-safe.
 */
final class TextCache {
  private static final int SLOTS = 4096;
  private static final int MAX_BYTES = 64;

  /** After so many look-ups a cache is given up if fewer than one in four found their value. */
  private static final int TRIAL = 16_384;

  private byte[][] keys = new byte[16][];
  private String[] values = new String[16];
  private int asked;
  private int hits;

  /** The text; bytes that are not UTF-8 are refused. */
  String get(byte[] bytes, int from, int to) {
    int length = to - from;
    if (keys == null || length > MAX_BYTES) {
      return Utf8Text.decode(bytes, from, to);
    }
    int hash = length;
    for (int i = from; i < to; i++) {
      hash = hash * 31 + bytes[i];
    }
    hash ^= hash >>> 15;
    int slot = hash & (keys.length - 1);
    byte[] key = keys[slot];
    asked++;
    if (key != null && Arrays.equals(key, 0, key.length, bytes, from, to)) {
      hits++;
      return values[slot];
    }
    String text = Utf8Text.decode(bytes, from, to);
    if (key != null && keys.length < SLOTS) {
      grow();
    } else {
      keys[slot] = Arrays.copyOfRange(bytes, from, to);
      values[slot] = text;
    }
    if (asked >= TRIAL) {
      if (hits < TRIAL / 4) {
        keys = null;
        values = null;
      }
      asked = 0;
      hits = 0;
    }
    return text;
  }

  /** Starts again with more slots and no values. */
  private void grow() {
    keys = new byte[keys.length * 4][];
    values = new String[keys.length];
  }
}
