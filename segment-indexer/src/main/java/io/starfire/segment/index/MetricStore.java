package io.starfire.segment.index;

import io.starfire.event.DataRow;
import io.starfire.event.MetricSpec;
import io.starfire.event.MetricSpec.Aggregation;
import io.starfire.segment.MetricMath;
import io.starfire.segment.sketch.SketchSpec;
import java.util.Arrays;
import java.util.List;

/**
 * The metrics of all rows, in chunks of {@value #CHUNK_ROWS} rows. Rollup changes rows that an open
 * snapshot may be reading, so a chunk that a snapshot shares is copied before its first change
 * after that snapshot: a snapshot shows, for as long as it lives, exactly the metrics of the moment
 * in which it was taken. A chunk is one array: for each metric the values of its rows, then for
 * each metric the bits that say which are null. The cells of sketches are in a chunk of their own
 * beside it. Written under the index's lock; views are read without it.
 */
final class MetricStore {
  static final int CHUNK_ROWS = 256;
  private static final int CHUNK_SHIFT = 8;
  private static final int CHUNK_MASK = CHUNK_ROWS - 1;
  private static final int NULL_WORDS = CHUNK_ROWS / 64;

  private final Aggregation[] aggregations;
  private final boolean[] everNull;

  /** For each metric what its sketches are; null for a number. */
  private final SketchSpec[] sketches;

  private final boolean hasSketches;
  private long[][] chunks = new long[4][];
  private SketchCell[][] cells = new SketchCell[4][];
  private long cellBytes;

  /** For each chunk the number of snapshots that had been taken when it was made or last copied. */
  private long[] chunkEpochs = new long[4];

  private long epoch;
  private int openSnapshots;
  private int chunkCount;

  MetricStore(List<MetricSpec> metrics) {
    aggregations = metrics.stream().map(MetricSpec::aggregation).toArray(Aggregation[]::new);
    everNull = new boolean[aggregations.length];
    sketches = new SketchSpec[aggregations.length];
    for (int metric = 0; metric < sketches.length; metric++) {
      sketches[metric] =
          aggregations[metric].isSketch() ? SketchSpec.of(metrics.get(metric)) : null;
    }
    hasSketches = metrics.stream().anyMatch(metric -> metric.aggregation().isSketch());
  }

  /** As {@link #append} for rows that follow one another. */
  void appendAll(int firstRow, DataRow[] inputs, int count) {
    for (int i = 0; i < count; i++) {
      append(firstRow + i, inputs[i]);
    }
  }

  /** Stores the inputs of a row's first event. */
  void append(int row, DataRow input) {
    int at = row & CHUNK_MASK;
    if (row >> CHUNK_SHIFT == chunkCount) {
      addChunk();
    }
    long[] chunk = chunks[row >> CHUNK_SHIFT];
    for (int metric = 0; metric < aggregations.length; metric++) {
      if (aggregations[metric] == Aggregation.COUNT) {
        chunk[metric * CHUNK_ROWS + at] = 1;
      } else if (sketches[metric] != null) {
        addSketch(row, metric, input.sketchInput(metric));
      } else if (input.isMetricNull(metric)) {
        chunk[nullWord(metric, at)] |= 1L << at;
        everNull[metric] = true;
      } else {
        chunk[metric * CHUNK_ROWS + at] = input.longMetric(metric);
      }
    }
  }

  /** Combines the inputs of a further event into a row. */
  void combine(int row, DataRow input) {
    int at = row & CHUNK_MASK;
    long[] chunk = ownChunk(row >> CHUNK_SHIFT);
    for (int metric = 0; metric < aggregations.length; metric++) {
      Aggregation aggregation = aggregations[metric];
      int cell = metric * CHUNK_ROWS + at;
      if (aggregation == Aggregation.COUNT) {
        chunk[cell]++;
      } else if (sketches[metric] != null) {
        addSketch(row, metric, input.sketchInput(metric));
      } else if (!input.isMetricNull(metric)) {
        int nullWord = nullWord(metric, at);
        if ((chunk[nullWord] >>> at & 1) != 0) {
          chunk[nullWord] &= ~(1L << at);
          chunk[cell] = input.longMetric(metric);
        } else {
          chunk[cell] = MetricMath.combine(aggregation, chunk[cell], input.longMetric(metric));
        }
      }
    }
  }

  /** Adds to a cell of a chunk that no snapshot shares. */
  private void addSketch(int row, int metric, Object input) {
    if (input == null) {
      return;
    }
    SketchCell[] chunk = cells[row >> CHUNK_SHIFT];
    int at = metric * CHUNK_ROWS + (row & CHUNK_MASK);
    SketchCell old = chunk[at];
    chunk[at] = SketchCell.with(sketches[metric], old, input);
    cellBytes += chunk[at].heapBytes() - (old == null ? 0 : old.heapBytes());
  }

  /**
   * Returns if the inputs of sketches can be added.
   *
   * @throws io.starfire.common.StarfireException with INVALID_INPUT if one cannot
   */
  void check(DataRow input) {
    for (int metric = 0; hasSketches && metric < sketches.length; metric++) {
      if (sketches[metric] != null) {
        sketches[metric].checkInput(input.sketchInput(metric));
      }
    }
  }

  /** What a snapshot holds of the metrics. */
  static final class Shared {
    private final long[][] chunks;
    private final SketchCell[][] cells;

    private Shared(long[][] chunks, SketchCell[][] cells) {
      this.chunks = chunks;
      this.cells = cells;
    }
  }

  /** Begins a snapshot; every one has to be ended by {@link #release()}. */
  Shared share() {
    epoch++;
    openSnapshots++;
    return new Shared(
        Arrays.copyOf(chunks, chunkCount), Arrays.copyOf(cells, hasSketches ? chunkCount : 0));
  }

  void release() {
    openSnapshots--;
  }

  View view(Shared shared, int metric) {
    return new View(shared.chunks, metric, aggregations.length, everNull[metric]);
  }

  SketchView sketches(Shared shared, int metric) {
    return row -> {
      SketchCell cell = shared.cells[row >> CHUNK_SHIFT][metric * CHUNK_ROWS + (row & CHUNK_MASK)];
      return cell == null ? null : cell.bytes();
    };
  }

  /** The sketches of one metric of a snapshot. */
  interface SketchView {
    /** Null if the row has none. */
    byte[] bytes(int row);
  }

  /** The part of {@link #estimatedBytes} that sketches use. */
  long sketchBytes() {
    return cellBytes;
  }

  long estimatedBytes() {
    long cellArrays = hasSketches ? chunkCount * (16L + 4L * cellsLength()) : 0;
    return chunkCount * (16L + 8L * chunkLength()) + 16L * chunks.length + cellArrays + cellBytes;
  }

  private int chunkLength() {
    return aggregations.length * (CHUNK_ROWS + NULL_WORDS);
  }

  private int cellsLength() {
    return aggregations.length * CHUNK_ROWS;
  }

  private void addChunk() {
    if (chunkCount == chunks.length) {
      chunks = Arrays.copyOf(chunks, chunkCount * 2);
      cells = Arrays.copyOf(cells, chunkCount * 2);
      chunkEpochs = Arrays.copyOf(chunkEpochs, chunkCount * 2);
    }
    chunks[chunkCount] = new long[chunkLength()];
    cells[chunkCount] = hasSketches ? new SketchCell[cellsLength()] : null;
    chunkEpochs[chunkCount++] = epoch;
  }

  private long[] ownChunk(int index) {
    if (chunkEpochs[index] != epoch) {
      if (openSnapshots > 0) {
        chunks[index] = chunks[index].clone();
        cells[index] = hasSketches ? cells[index].clone() : null;
      }
      chunkEpochs[index] = epoch;
    }
    return chunks[index];
  }

  private int nullWord(int metric, int at) {
    return nullWord(aggregations.length, metric, at);
  }

  private static int nullWord(int metricCount, int metric, int at) {
    return metricCount * CHUNK_ROWS + metric * NULL_WORDS + (at >> 6);
  }

  /** One metric of a snapshot. */
  static final class View implements BitsView {
    private final long[][] chunks;
    private final int metric;
    private final int metricCount;
    private final boolean mayHaveNulls;

    private View(long[][] chunks, int metric, int metricCount, boolean mayHaveNulls) {
      this.chunks = chunks;
      this.metric = metric;
      this.metricCount = metricCount;
      this.mayHaveNulls = mayHaveNulls;
    }

    @Override
    public long bits(int row) {
      return chunks[row >> CHUNK_SHIFT][metric * CHUNK_ROWS + (row & CHUNK_MASK)];
    }

    @Override
    public boolean isNull(int row) {
      int at = row & CHUNK_MASK;
      long word = chunks[row >> CHUNK_SHIFT][nullWord(metricCount, metric, at)];
      return (word >>> at & 1) != 0;
    }

    @Override
    public boolean hasNulls() {
      return mayHaveNulls;
    }

    @Override
    public void read(int from, int count, long[] out) {
      int done = 0;
      while (done < count) {
        int row = from + done;
        int at = row & CHUNK_MASK;
        int length = Math.min(count - done, CHUNK_ROWS - at);
        long[] chunk = chunks[row >> CHUNK_SHIFT];
        System.arraycopy(chunk, metric * CHUNK_ROWS + at, out, done, length);
        done += length;
      }
    }
  }
}
