package io.starfire.serving.query.partial;

import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.vector.VectorWriter;
import java.nio.charset.StandardCharsets;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The texts of a column of all row sets that a query scans, in order. It is the same for the
 * partial results of all of them, so that their groups meet by ids, without a look at a text. The
 * text of an id is looked up when it is shown; the row sets have to be open then. Immutable, and
 * thread-safe if the look-up is.
 */
public final class SharedDictionary extends Dictionary {
  private final int size;
  private final IntFunction<byte[]> texts;

  /**
   * @param size the number of ids, that of null, which is 0, included
   * @param texts the UTF-8 of an id that is not null; the texts of ids ascend
   */
  public SharedDictionary(int size, IntFunction<byte[]> texts) {
    this.size = size;
    this.texts = texts;
  }

  @Override
  public int size() {
    return size;
  }

  byte[] utf8(int id) {
    return texts.apply(id);
  }

  @Override
  public @Nullable String value(int id) {
    return id == 0 ? null : new String(utf8(id), StandardCharsets.UTF_8);
  }

  @Override
  public int compare(int id, Dictionary other, int otherId) {
    if (other == this) {
      return Integer.compare(id, otherId);
    }
    TextDictionary own = new TextDictionary();
    int here = own.addFrom(this, id);
    return own.compare(here, own, own.addFrom(other, otherId));
  }

  /** Slices of groups are of neighbouring ids. */
  @Override
  int hash(int id) {
    return (int) (((long) id << Integer.SIZE) / size);
  }

  /** The first id of those that share the highest bits of their hash with an id. */
  int firstLike(int id, int bits) {
    return firstOf(hash(id) >>> (Integer.SIZE - bits), bits);
  }

  /** The first id whose hash has these highest bits. */
  int firstOf(int highest, int bits) {
    return (int) (((long) highest * size + (1L << bits) - 1) >>> bits);
  }

  /** The texts live with the row sets. */
  @Override
  public long bytes() {
    return 0;
  }

  @Override
  public int add(@Nullable Object value) {
    throw fixed();
  }

  @Override
  int[] addAll(Dictionary other, QueryControl control) {
    throw fixed();
  }

  @Override
  int addFrom(Dictionary other, int id, int hash) {
    if (other == this) {
      return id;
    }
    throw fixed();
  }

  @Override
  void append(Dictionary other) {
    throw fixed();
  }

  @Override
  void write(VectorWriter out) {
    throw fixed();
  }

  private static IllegalStateException fixed() {
    return new IllegalStateException(
        "a dictionary that partial results share takes no further values, and is not written");
  }
}
