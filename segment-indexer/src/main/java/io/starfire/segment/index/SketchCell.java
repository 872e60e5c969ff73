package io.starfire.segment.index;

import io.starfire.segment.sketch.SketchBuilder;
import io.starfire.segment.sketch.SketchSpec;
import java.util.List;

/**
 * The sketch of one row, to which inputs are added: the sketch of some inputs, and those that came
 * after it, which wait, since to open and to close a sketch costs more than to add to it. Adding
 * makes a new cell, so that a snapshot keeps what it has. Immutable to its users, and thread-safe.
 */
final class SketchCell {
  private static final int MAX_WAITING = 64;
  private static final int CELL_BYTES = 48;

  private final SketchSpec spec;
  private final SketchCell before;
  private final Object input;
  private final int waiting;
  private final long heapBytes;

  /** Of all inputs; null while nobody has asked for it. That two threads make it does no harm. */
  private volatile byte[] sketch;

  private SketchCell(SketchSpec spec, SketchCell before, Object input, byte[] sketch) {
    this.spec = spec;
    this.before = before;
    this.input = input;
    this.sketch = sketch;
    this.waiting = before == null ? 0 : before.waiting + 1;
    this.heapBytes =
        CELL_BYTES
            + (before == null ? 0 : before.heapBytes)
            + (sketch == null ? bytesOf(input) : sketch.length);
  }

  /**
   * The cell with one more input.
   *
   * @param old null if the row has none yet
   * @param input not null; one that the spec takes
   */
  static SketchCell with(SketchSpec spec, SketchCell old, Object input) {
    if (old == null) {
      SketchBuilder builder = spec.newBuilder();
      builder.addInput(input);
      return new SketchCell(spec, null, null, builder.toBytes());
    }
    // What a snapshot has made of the inputs need not be kept beside them.
    byte[] made = old.sketch;
    SketchCell base =
        made == null || old.before == null ? old : new SketchCell(spec, null, null, made);
    SketchCell added = new SketchCell(spec, base, input, null);
    return added.waiting < MAX_WAITING ? added : new SketchCell(spec, null, null, added.bytes());
  }

  /** The sketch of all inputs. */
  byte[] bytes() {
    byte[] known = sketch;
    if (known == null) {
      SketchBuilder builder = spec.newBuilder();
      SketchCell cell = this;
      while (cell.sketch == null) {
        builder.addInput(cell.input);
        cell = cell.before;
      }
      builder.addSketch(cell.sketch);
      known = builder.toBytes();
      sketch = known;
    }
    return known;
  }

  long heapBytes() {
    return heapBytes;
  }

  private static long bytesOf(Object input) {
    if (input instanceof String text) {
      return 40L + text.length();
    }
    if (input instanceof byte[] bytes) {
      return 16L + bytes.length;
    }
    return input instanceof List<?> list ? 40 + 64L * list.size() : 24;
  }
}
