package io.starfire.kernel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A {@link WindowBuffer} in memory, for the batch driver, which clears it after each key. */
public final class MemoryWindowBuffer implements WindowBuffer {
  private final TreeMap<byte[], byte[]> entries = new TreeMap<>(Arrays::compareUnsigned);

  @Override
  public byte @Nullable [] get(byte[] key) {
    return entries.get(key);
  }

  @Override
  public void put(byte[] key, byte[] value) {
    entries.put(key, value);
  }

  @Override
  public void delete(byte[] key) {
    entries.remove(key);
  }

  @Override
  public void deleteRange(byte[] from, byte[] to) {
    entries.subMap(from, true, to, false).clear();
  }

  @Override
  public List<Entry> scan(byte[] from, byte[] to, int limit) {
    List<Entry> found = new ArrayList<>();
    for (Map.Entry<byte[], byte[]> entry : entries.subMap(from, true, to, false).entrySet()) {
      if (found.size() == limit) {
        break;
      }
      found.add(new Entry(entry.getKey(), entry.getValue()));
    }
    return found;
  }

  public int size() {
    return entries.size();
  }

  public void clear() {
    entries.clear();
  }
}
