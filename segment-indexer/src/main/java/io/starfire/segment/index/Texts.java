package io.starfire.segment.index;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The texts of the first ids of a {@link TextDictionary}. Immutable to its readers. */
final class Texts {
  final byte[] bytes;

  /** Where the text of each id begins; that of the next id is where it ends. */
  final int[] starts;

  final int count;

  /** The id of null, or a negative number. */
  final int nullId;

  Texts(byte[] bytes, int[] starts, int count, int nullId) {
    this.bytes = bytes;
    this.starts = starts;
    this.count = count;
    this.nullId = nullId;
  }

  String value(int id) {
    return id == nullId
        ? null
        : new String(bytes, starts[id], starts[id + 1] - starts[id], StandardCharsets.UTF_8);
  }

  byte[] utf8(int id) {
    return id == nullId ? null : Arrays.copyOfRange(bytes, starts[id], starts[id + 1]);
  }
}
