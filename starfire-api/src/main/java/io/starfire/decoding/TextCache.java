package io.starfire.decoding;

import java.util.Arrays;

/**
 * Strings of one column by their UTF-8 bytes: one entry for each slot of a hash, the last to come.
 * A value that comes again is neither decoded nor hashed anew, since the String is the same one. A
 * column whose values hardly ever do is decoded without asking. Not thread-safe.
 */
final class TextCache {
  private static final int SLOTS = 4096;
  private static final int MAX_BYTES = 64;

  /** Look-ups after which a cache that was hit less than once in four is given up. */
  private static final int TRIAL = 16_384;

  private byte[][] keys = new byte[16][];
  private String[] values = new String[16];
  private int asked;
  private int hits;

  /** The text; what is not UTF-8 is refused. */
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

  /** Starts anew with more slots; what comes again finds its place. */
  private void grow() {
    keys = new byte[keys.length * 4][];
    values = new String[keys.length];
  }
}
