package io.starfire.segment.index;

import io.starfire.event.DataRow;
import io.starfire.event.MetricSpec;
import io.starfire.event.MetricSpec.Aggregation;
import io.starfire.segment.MetricMath;
import java.util.Arrays;
import java.util.List;

/**
 * The metrics of all rows, in chunks of {@value #CHUNK_ROWS} rows. Rollup changes rows that an open
 * snapshot may be reading, so a chunk that a snapshot shares is copied before its first change
 * after that snapshot: a snapshot shows, for as long as it lives, exactly the metrics of the moment
 * in which it was taken. A chunk is one array: for each metric the values of its rows, then for
 * each metric the bits that say which are null. Written under the index's lock; views are read
 * without it.
 */
final class MetricStore {
  static final int CHUNK_ROWS = 256;
  private static final int CHUNK_SHIFT = 8;
  private static final int CHUNK_MASK = CHUNK_ROWS - 1;
  private static final int NULL_WORDS = CHUNK_ROWS / 64;

  private final Aggregation[] aggregations;
  private final boolean[] everNull;
  private long[][] chunks = new long[4][];

  /** For each chunk the number of snapshots that had been taken when it was made or last copied. */
  private long[] chunkEpochs = new long[4];

  private long epoch;
  private int openSnapshots;
  private int chunkCount;

  MetricStore(List<MetricSpec> metrics) {
    aggregations = metrics.stream().map(MetricSpec::aggregation).toArray(Aggregation[]::new);
    everNull = new boolean[aggregations.length];
  }

  /** Stores the inputs of a row's first event. */
  void append(int row, DataRow input) {
    int at = row & CHUNK_MASK;
    if (at == 0) {
      addChunk();
    }
    long[] chunk = chunks[row >> CHUNK_SHIFT];
    for (int metric = 0; metric < aggregations.length; metric++) {
      if (aggregations[metric] == Aggregation.COUNT) {
        chunk[metric * CHUNK_ROWS + at] = 1;
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

  /** Begins a snapshot; every one has to be ended by {@link #release()}. */
  long[][] share() {
    epoch++;
    openSnapshots++;
    return Arrays.copyOf(chunks, chunkCount);
  }

  void release() {
    openSnapshots--;
  }

  View view(long[][] shared, int metric) {
    return new View(shared, metric, aggregations.length, everNull[metric]);
  }

  long estimatedBytes() {
    return chunkCount * (16L + 8L * chunkLength()) + 16L * chunks.length;
  }

  private int chunkLength() {
    return aggregations.length * (CHUNK_ROWS + NULL_WORDS);
  }

  private void addChunk() {
    if (chunkCount == chunks.length) {
      chunks = Arrays.copyOf(chunks, chunkCount * 2);
      chunkEpochs = Arrays.copyOf(chunkEpochs, chunkCount * 2);
    }
    chunks[chunkCount] = new long[chunkLength()];
    chunkEpochs[chunkCount++] = epoch;
  }

  private long[] ownChunk(int index) {
    if (chunkEpochs[index] != epoch) {
      if (openSnapshots > 0) {
        chunks[index] = chunks[index].clone();
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
